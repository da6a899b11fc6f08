internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Checks the rows of members and of their wrapped keys against the log.
struct MemberVerifier {
  private let core: Core
  private var history: History { core.history }

  init(_ core: Core) { self.core = core }

  /// Records each row that differs from the log as damage.
  func run() throws {
    let rows = try core.store.members()
    var missing = Set(history.activeMembers.map(\.id))
    for row in rows {
      try noting {
        // A row may be listed twice in the file.
        guard missing.remove(row.id) != nil else {
          throw integrity("there is a row of member \(row.id.hex), whom the log does not have, or not twice")
        }
        try verify(row)
      }
    }
    for id in missing { core.note("the row of \"\(core.name(of: id))\" is missing") }
    try noting(verifyWraps)
    core.noteVaultRow()
  }

  private func noting(_ body: () throws -> Void) throws {
    do { try body() } catch let error as VaultError where error.code == .integrity { core.note(error) }
  }

  private func verify(_ row: MemberRow) throws {
    guard let member = history.members[row.id] else { return }
    let entry = try core.ledger.proved(member.enrolled)
    guard row.seed.isMachines == (member.machine != nil) else {
      throw integrity("\"\(member.name)\" is a \(member.kind), whose seed is not sealed as one's", member.name)
    }
    guard try core.ledger.proved(member.seedEntry).digest(.seedSHA256) == SealedHashes.seed(row.seed) else {
      throw integrity("the sealed seed of \"\(member.name)\" is not the one that was logged", member.name)
    }
    guard entry.digest(.requestSHA256) == row.request.map({ SHA256.hash($0) }) else {
      throw integrity("the request of \"\(member.name)\" is not the one that was approved", member.name)
    }
  }

  private func verifyWraps() throws {
    let roster = try WrapRoster(history) { try core.ledger.proved($0) }
    struct Making: Hashable {
      let recipient: Identifier
      let sealedIn: UInt64
    }
    let all = try core.store.keyWraps()
    for row in all {
      let words = row.words(history.members[row.recipient]?.name)
      if !row.isWhole { core.note("\(words), is damaged") }
      switch (roster.isTakenBack(row.key), row.sealed == nil) {
      case (true, false): core.note("\(words), is there, and was taken back")
      case (false, true): core.note("\(words), is missing")
      default: break
      }
    }
    var rows = Dictionary(grouping: all) { Making(recipient: $0.recipient, sealedIn: $0.sealedIn) }
    let others = roster.all.filter { made in
      let together = made.recipients.flatMap {
        rows.removeValue(forKey: Making(recipient: $0, sealedIn: made.sealedIn)) ?? []
      }
      return made.named != SealedHashes.wraps(together)
    }
    var repaired = try others.contains(where: \.isAid) ? core.repairedWraps() : nil
    if let found = repaired, !found.isOf(all) { repaired = nil }
    for made in others where repaired?.covers(made) != true {
      core.note("\(made.words) are not the ones that were logged")
    }
    for left in rows.values.flatMap(\.self).sorted(by: { ($0.recipient, $0.epoch) < ($1.recipient, $1.epoch) }) {
      core.note("there is a row that the log does not have: \(left.words(history.members[left.recipient]?.name))")
    }
  }

  private func integrity(_ reason: String, _ subject: String? = nil) -> VaultError {
    VaultError(.integrity, reason, subject: subject)
  }
}
