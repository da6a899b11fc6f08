internal import CustodyValues

/// One member's exposure to an item: the newest value that they could decrypt, proved by the data keys they were given,
/// and the ways in which their own entries say that they did.
public struct Exposure: Equatable, Sendable {
  /// A way in which a member decrypted or otherwise had the value.
  public enum Opening: String, CaseIterable, Sendable {
    /// They stored or rotated it, so they had it before the vault did.
    case stored
    /// They exchanged it for an access token.
    case exchange
    /// They printed it to a terminal.
    case tty
    /// They wrote it to a pipe.
    case pipe
    /// They handed it to a program.
    case exec
    /// They wrote it to a file.
    case file
    /// Their own Custody examined it, and let nothing out.
    case check
  }

  /// The newest revision that they could decrypt. It is of no more use once the item has a newer one.
  public internal(set) var revision: UInt64
  /// The moment from which they could decrypt that revision.
  public internal(set) var since: Moment
  /// The newest moment of each way in which they decrypted it.
  public internal(set) var opened: [Opening: Moment] = [:]

  init(revision: UInt64, since: Moment) { (self.revision, self.since) = (revision, since) }
}

extension Exposure.Opening {
  /// The way that an entry declares. An exchange lets only an access token out, and a check nothing.
  init?(_ entry: Entry) {
    if entry.action == .tokenExchange {
      self = .exchange
    } else if entry.action == .tokenCheck {
      self = .check
    } else {
      guard let how = entry.text(.how), let opening = Self(rawValue: how) else { return nil }
      self = opening
    }
  }
}
