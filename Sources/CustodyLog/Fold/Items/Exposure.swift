package import CustodyValues

/// The newest value of an item that a member could open, proved by the data keys that they were given; and how they are
/// declared to have opened it, by entries of their own.
public struct Exposure: Equatable, Sendable {
  public enum Opening: String, CaseIterable, Sendable {
    /// They stored or rotated it, so they had it before the vault did.
    case stored
    case exchange, tty, pipe, exec, file
    /// Looked at by their own Custody, and not let out.
    case check
  }

  /// Once the item has a newer one, what they could open is of no use any more.
  public internal(set) var revision: UInt64
  /// From when on they could open that revision.
  public internal(set) var since: Moment
  /// The newest time of each way.
  public internal(set) var opened: [Opening: Moment] = [:]

  init(revision: UInt64, since: Moment) { (self.revision, self.since) = (revision, since) }
}

extension Item {
  /// Who could open the newest value, or could and has lost their grant since.
  package var exposed: [Identifier: Exposure] { exposures.filter { $0.value.revision == revision } }

  /// A value was made: everyone who has its data key could open it.
  mutating func exposeNewest(_ moment: Moment, by author: Identifier, as opening: Exposure.Opening) {
    for member in Array(grants.keys) + takenBack { exposures[member] = Exposure(revision: revision, since: moment) }
    exposures[author]?.opened[opening] = moment
  }

  /// A value is the newest again: whoever could open it then, or what came after it, could open it.
  mutating func exposeAgain(_ earlier: UInt64, _ moment: Moment) {
    for value in unseen where value.revision == earlier {
      exposures.merge(value.exposures) { own, other in own.revision < earlier ? other : own }
    }
    unseen.removeAll { $0.revision == earlier }
    for (member, exposure) in exposures where exposure.revision >= earlier { exposures[member]?.revision = revision }
    for member in grants.keys { expose(to: member, moment) }
  }

  mutating func expose(to member: Identifier, _ moment: Moment) {
    guard exposures[member]?.revision != revision else { return }
    exposures[member] = Exposure(revision: revision, since: moment)
  }

  mutating func noteOpening(by member: Identifier, _ opening: Exposure.Opening, _ moment: Moment) {
    expose(to: member, moment)
    exposures[member]?.opened[opening] = moment
  }
}

extension Exposure.Opening {
  /// What an entry declares. An exchange uses the token and lets only an access token out, a check nothing.
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
