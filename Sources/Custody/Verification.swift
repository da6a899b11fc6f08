internal import CustodyCrypto
internal import CustodyLog
public import CustodyMemory
internal import CustodyStore

/// What was verified.
public struct Verification: Sendable {
  public let entries: UInt64
  public let checkpoints: UInt64
  public let rows: UInt64
  public let root: Digest
  /// Items whose secret this member could open, and did; nil where only the log and the rows were verified.
  public let opened: UInt64?
}

extension Session {
  /// Every entry from its bytes, the tree, every checkpoint, and every row against what the log says of it: nothing
  /// may be missing, changed, or there besides. Needs no secret. Leaves an entry where the vault can be written.
  public func verifyLog() throws(VaultError) -> Verification {
    try translating {
      let verified = try core.reading { try Verifier(core).run() }
      core.recordVerification(verified)
      return verified
    }
  }

  /// As `verifyLog`, and opens every item that this member can.
  public func verifyEverything() throws(VaultError) -> Verification {
    try translating {
      let verified = try core.reading {
        let log = try Verifier(core).run()
        return Verification(
          entries: log.entries, checkpoints: log.checkpoints, rows: log.rows, root: log.root,
          opened: try core.openEverything())
      }
      core.recordVerification(verified)
      return verified
    }
  }
}

extension Core {
  /// A vault that can't be written is verified all the same; only the record of it is missing.
  fileprivate func recordVerification(_ verified: Verification) {
    guard !store.isReadOnly else { return }
    _ = try? commit { try $0.append(.logVerify) { $0.set(.size, verified.entries) } }
  }

  fileprivate func openEverything() throws -> UInt64 {
    let names = try Names(self)
    for item in history.items.values {
      for position in [item.stored, item.valueEntry] { _ = try ledger.attested(position) }
    }
    try store.eachNote { note in
      _ = try reason(of: note.entry, ledger.attested(note.entry))
    }
    var opened: UInt64 = 0
    for item in history.items.values where isHolder(of: item) && !item.isRetired {
      guard let name = names.item(item.id) else { throw broken(item, "its name does not open") }
      _ = try open(item.kind, name, for: .tokenReveal).secret(in: arena)
      opened += 1
    }
    return opened
  }
}

/// Holds every row against the log.
struct Verifier {
  let core: Core
  var store: Store { core.store }
  var history: History { core.history }

  init(_ core: Core) { self.core = core }

  func run() throws -> Verification {
    let pass = try LogPass(core)
    try verifyMembers()
    try ItemVerifier(core, pass).run()
    let rows = try store.counts().values.reduce(0, +)
    return Verification(
      entries: history.size, checkpoints: pass.checkpoints, rows: rows, root: core.ledger.root(), opened: nil)
  }

  private func verifyMembers() throws {
    let rows = try store.members()
    var wraps = Dictionary(grouping: try store.keyWraps(), by: \.recipient)
    guard Set(rows.map(\.id)) == Set(history.members.keys) else {
      throw integrity("the members' rows are not the members that the log has")
    }
    for row in rows {
      guard let member = history.members[row.id] else { continue }
      let entry = try core.ledger.attested(member.enrolled)
      guard entry.digest(.seedSHA256) == SealedHashes.seed(row.seed) else {
        throw integrity("the sealed seed of \"\(member.name)\" is not the one that was logged", member.name)
      }
      guard entry.digest(.requestSHA256) == row.request.map({ SHA256.hash($0) }) else {
        throw integrity("the request of \"\(member.name)\" is not the one that was approved", member.name)
      }
      let mine = wraps.removeValue(forKey: row.id) ?? []
      guard mine.allSatisfy({ $0.epoch == 1 }),
        entry.digest(.wrapsSHA256) == SealedHashes.wraps(mine.map { ($0.kind, $0.sealed) })
      else { throw integrity("the wrapped keys of \"\(member.name)\" are not the ones that were logged", member.name) }
    }
    if let stranger = wraps.keys.first {
      throw integrity("there is a wrapped key for \(stranger.hex), who is no member")
    }
  }

  private func integrity(_ reason: String, _ subject: String? = nil) -> VaultError {
    VaultError(.integrity, reason, subject: subject)
  }
}
