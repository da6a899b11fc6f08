internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// Holds the rows of members and of their wrapped keys against the log.
struct MemberVerifier {
  private let core: Core
  private var history: History { core.history }

  init(_ core: Core) { self.core = core }

  func run() throws {
    let rows = try core.store.members()
    // Counted too: a row may be listed twice in the file.
    guard rows.map(\.id) == history.activeMembers.map(\.id).sorted() else {
      throw integrity("the members' rows are not the members that the log has")
    }
    for row in rows { try verify(row) }
    try verifyWraps()
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
    var rows = Dictionary(grouping: try core.store.keyWraps(), by: \.recipient)
    try verifyLinks(rows.removeValue(forKey: .none) ?? [])
    var together: [KeyWrapRow] = []
    let begun = history.epochs.last?.begun ?? 0
    for member in history.activeMembers {
      let mine = rows.removeValue(forKey: member.id) ?? []
      guard mine.allSatisfy({ $0.epoch == history.epoch }) else {
        throw integrity("the wrapped keys of \"\(member.name)\" are of another epoch", member.name)
      }
      if begun > 0, member.enrolled < begun {
        together += mine
        continue
      }
      let named = try core.ledger.proved(member.enrolled).digest(.wrapsSHA256)
      guard named == SealedHashes.wraps(mine.map { ($0.kind, $0.sealed) }) else {
        throw integrity("the wrapped keys of \"\(member.name)\" are not the ones that were logged", member.name)
      }
    }
    if let stranger = rows.keys.first {
      throw integrity("there is a wrapped key for \(stranger.hex), who is no member")
    }
    guard begun > 0 else { return }
    guard try core.ledger.proved(begun).digest(.wrapsSHA256) == SealedHashes.wraps(ofEpoch: together) else {
      throw integrity("the wrapped keys of epoch \(history.epoch) are not the ones that were logged")
    }
  }

  /// The keys of each older epoch, sealed under those of the next, whose entry names them.
  private func verifyLinks(_ links: [KeyWrapRow]) throws {
    for (number, epoch) in history.epochs.enumerated().dropFirst() {
      let rows = links.filter { $0.epoch == UInt64(number) }
      guard
        try core.ledger.proved(epoch.begun).digest(.previousSHA256)
          == SealedHashes.wraps(rows.map { ($0.kind, $0.sealed) })
      else { throw integrity("the keys of epoch \(number) are not the ones that were logged") }
    }
    guard links.count == 2 * (history.epochs.count - 1) else {
      throw integrity("there are keys of epochs that the log does not have")
    }
  }

  private func integrity(_ reason: String, _ subject: String? = nil) -> VaultError {
    VaultError(.integrity, reason, subject: subject)
  }
}
