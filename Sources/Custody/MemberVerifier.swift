internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// Holds the rows of members and of their wrapped keys against the log.
struct MemberVerifier {
  private let core: Core
  private var history: History { core.history }

  init(_ core: Core) { self.core = core }

  /// What is not as the log says is noted.
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

  /// What members have is of the newest epoch: named by the entry that began it, or by the one that enrolled them since.
  private func verifyWraps() throws {
    let all = try core.store.keyWraps()
    for row in all where !row.isWhole { core.note(damage(row)) }
    var rows = Dictionary(grouping: all, by: \.recipient)
    try verifyLinks(rows.removeValue(forKey: .none) ?? [])
    var together: [KeyWrapRow] = []
    let begun = history.epochs.last?.begun ?? 0
    for member in history.activeMembers {
      let mine = rows.removeValue(forKey: member.id) ?? []
      if mine.contains(where: { $0.epoch != history.epoch }) {
        core.note("the wrapped keys of \"\(member.name)\" are of another epoch")
      } else if begun > 0, member.enrolled < begun {
        together += mine
      } else if try core.ledger.proved(member.enrolled).digest(.wrapsSHA256) != SealedHashes.wraps(mine) {
        core.note("the wrapped keys of \"\(member.name)\" are not the ones that were logged")
      }
    }
    for stranger in rows.keys.sorted() { core.note("there is a wrapped key for \(stranger.hex), who is no member") }
    guard begun > 0 else { return }
    if try core.ledger.proved(begun).digest(.wrapsSHA256) != SealedHashes.wraps(ofEpoch: together) {
      core.note("the wrapped keys of epoch \(history.epoch) are not the ones that were logged")
    }
  }

  /// The keys of each older epoch, sealed under those of the next, whose entry names them.
  private func verifyLinks(_ links: [KeyWrapRow]) throws {
    for (number, epoch) in history.epochs.enumerated().dropFirst() {
      let rows = links.filter { $0.epoch == UInt64(number) }
      if try core.ledger.proved(epoch.begun).digest(.previousSHA256) != SealedHashes.wraps(rows) {
        core.note("the keys of epoch \(number) are not the ones that were logged")
      }
    }
    if links.count != 2 * (history.epochs.count - 1) {
      core.note("there are keys of epochs that the log does not have, or one is missing")
    }
  }

  /// One row: the entry's hash over all still tells that the others are as they were.
  private func damage(_ row: KeyWrapRow) -> VaultError {
    let key = row.kind == .vault ? "vault key" : "audit key"
    guard row.recipient != .none else {
      return integrity("the \(key) of epoch \(row.epoch), sealed for the next epoch, is damaged")
    }
    let member = history.members[row.recipient]
    return integrity(
      "the \(key) of epoch \(row.epoch), sealed to \(member.map { "\"\($0.name)\"" } ?? row.recipient.hex), is damaged",
      member?.name)
  }

  private func integrity(_ reason: String, _ subject: String? = nil) -> VaultError {
    VaultError(.integrity, reason, subject: subject)
  }
}
