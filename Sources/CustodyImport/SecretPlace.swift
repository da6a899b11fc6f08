internal import Custody
internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

/// Where a secret stands in the bytes that were read; it is taken out when it is stored, one at a time.
enum SecretPlace: Hashable, Sendable {
  enum Escape: Sendable {
    case none
    /// `""` is one quote.
    case doubled
    /// What follows a backslash is itself (KeePass 1.x).
    case backslash
    /// Within the double quotes of an `.env` file.
    case env
  }

  case bytes(Range<Int>, Escape)
  case json(SecretJSON.Place)
}
