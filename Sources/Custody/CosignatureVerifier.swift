internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// Holds each cosignature against the entry that records it and the checkpoint that it is of.
struct CosignatureVerifier {
  private let core: Core

  init(_ core: Core) { self.core = core }

  /// How far each member has vouched for the log, others' checkpoints only. As many rows as the log has were counted.
  func run() throws -> [Voucher] {
    var vouchers: [Identifier: Voucher] = [:]
    try core.store.eachCosignature { row in
      guard let member = core.history.members[row.signer], let checkpoint = try core.store.checkpoint(size: row.size),
        try names(row, checkpoint.root), holds(row, checkpoint, by: member)
      else { throw VaultError(.integrity, "the cosignature of log entry \(row.entry) is not the one that was logged") }
      guard checkpoint.signer != member.id, vouchers[member.id].map({ $0.size < row.size }) ?? true else { return }
      vouchers[member.id] = Voucher(
        .cosignature(by: member.name), size: row.size, time: Cosignature.time(row.time))
    }
    return vouchers.values.sorted { $0.size > $1.size }
  }

  private func names(_ row: CosignatureRow, _ root: Digest) throws -> Bool {
    guard row.entry < core.history.size else { return false }
    let entry = try core.ledger.proved(row.entry)
    return entry.action == .logCosign && entry.outcome == .ok && entry.actor == row.signer
      && entry.number(.size) == row.size && entry.digest(.root) == root
      && entry.digest(.cosignatureSHA256) == SHA256.hash(Cosignature.payload(row.time, row.signature))
  }

  private func holds(_ row: CosignatureRow, _ checkpoint: CheckpointRow, by member: Member) -> Bool {
    let key = member.cosignatureKey(origin: core.history.origin)
    let line = key.line(signature: Cosignature.payload(row.time, row.signature))
    return key.verify(line, text: core.ledger.checkpoint(checkpoint).text)
  }
}
