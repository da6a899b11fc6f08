internal import Custody
internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

/// The place of a secret in the bytes of the file. It is copied out only when it is stored.
enum SecretPlace: Hashable, Sendable {
  enum Escape: Sendable {
    case none
    /// A doubled quote is one quote.
    case doubled
    /// A backslash makes the next byte literal (KeePass 1.x).
    case backslash
    /// The escapes inside double quotes of an `.env` file.
    case env
  }

  case bytes(Range<Int>, Escape)
  case json(SecretJSON.Place)
}
