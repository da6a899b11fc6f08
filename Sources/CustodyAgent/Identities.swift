internal import Custody
internal import CustodyCrypto
internal import CustodySecrets
internal import CustodyValues

/// An identity that the agent holds. Its four private keys are in an arena of its own, which is wiped when this
/// object is freed.
final class Holding {
  let name: IdentityName
  let terms: HoldingTerms
  let holder: SeedHolder
  let arena: SecureArena
  /// The terminal on which each use is confirmed; nil if none is asked.
  let terminal: SocketTerminal?
  let ends: Uptime
  private(set) var idleEnds: Uptime

  init(_ name: IdentityName, _ terms: HoldingTerms, seed: consuming SecureBytes, terminal: SocketTerminal?) throws {
    (self.name, self.terms, self.terminal) = (name, terms, terminal)
    arena = try SecureArena()
    holder = try SeedHolder(Seed(copying: seed, in: arena), in: arena)
    ends = Uptime.now + terms.life.duration
    idleEnds = Uptime.now + terms.idle.duration
  }

  var limit: Uptime { min(ends, idleEnds) }
  func touch() { idleEnds = Uptime.now + terms.idle.duration }

  var description: HeldIdentity {
    HeldIdentity(
      name: name, secondsLeft: Uptime.now.seconds(until: ends), idleSecondsLeft: Uptime.now.seconds(until: limit),
      confirms: terms.confirms)
  }
}

/// All identities that an agent holds.
struct Identities {
  static let limit = 32
  private(set) var held: [Holding] = []

  var isEmpty: Bool { held.isEmpty }
  /// The time at which the next identity is to be dropped.
  var nextEnd: Uptime? { held.map(\.limit).min() }

  mutating func hold(_ holding: Holding) throws(AgentError) {
    held.removeAll { $0.name == holding.name }
    guard held.count < Self.limit else { throw .refused(.full) }
    held.append(holding)
  }

  /// Drops identities whose time is over. It is called before each use too, because a timer is late after the machine
  /// has slept.
  mutating func expire() {
    let now = Uptime.now
    held.removeAll { $0.limit <= now }
  }

  mutating func drop(_ vault: Identifier, _ member: Identifier) -> Int {
    let before = held.count
    held.removeAll { $0.name.vault == vault && $0.name.member == member }
    return before - held.count
  }

  mutating func dropAll() -> Int {
    defer { held = [] }
    return held.count
  }

  /// Finds an identity by name. If the path now holds another vault than the unlocked one, or the vault another first
  /// entry, the held identity is dropped.
  mutating func find(_ name: IdentityName, at path: String) throws(AgentError) -> Holding {
    expire()
    let before = held.count
    held.removeAll { holding in
      let mine = holding.name
      return mine.vault == name.vault ? mine.genesis != name.genesis : holding.terms.path == path
    }
    if let found = held.first(where: { $0.name == name }) { return found }
    throw .refused(held.count < before ? .changedHands : .notHeld)
  }
}
