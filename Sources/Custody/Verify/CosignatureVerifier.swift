internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Holds each cosignature against its author's key and the log's tree.
struct CosignatureVerifier {
  private let core: Core
  private var history: History { core.history }

  init(_ core: Core) { self.core = core }

  /// Returns how far each member has vouched for the log by cosigning other members' checkpoints. A cosignature that
  /// does not hold is recorded as damage.
  func run() throws -> [Voucher] {
    var vouchers: [Identifier: Voucher] = [:]
    for cosignature in history.recordedCosignatures {
      guard let member = history.members[cosignature.author] else { continue }
      if let found = try cosignature.damage(by: member, origin: history.origin, root: core.root) {
        core.foundDamages.add(found)
        continue
      }
      let size = cosignature.checkpoint.size
      guard vouchers[member.id].map({ $0.size < size }) ?? true, try committer(of: size) != member.id else { continue }
      vouchers[member.id] = Voucher(.cosignature(by: member.name), size: size, time: cosignature.time)
    }
    return vouchers.values.sorted { $0.size > $1.size }
  }

  /// Returns the member who signed the checkpoint of this size: the author of the last entry below it.
  private func committer(of size: UInt64) throws -> Identifier? {
    guard size > 0, let row = try core.store.entry(size - 1) else { return nil }
    return try history.signed(core.ledger.proved(row))
  }
}

extension Core {
  /// The log's root at a size; nil where it did not have as many entries.
  func root(at size: UInt64) throws -> Digest? {
    guard size <= history.size else { return nil }
    // The stored nodes that make up this root are trusted only if they lead to the root that was verified.
    if let found = try consistency(from: size, again: true)?.root { return found }
    throw ledger.integrity("the stored nodes of the log's tree at \(size) entries do not lead to its root")
  }

  /// Returns a proof that the log extends the one it was at a smaller size; nil if the log is not that long.
  func consistency(from size: UInt64) throws -> ConsistencyProof? {
    guard size <= history.size else { return nil }
    return try consistency(from: size, again: true)?.proof
  }

  private func consistency(from size: UInt64, again: Bool) throws -> (root: Digest, proof: ConsistencyProof)? {
    let root = try MerkleTree(size: size, node: node).root
    if let proof = try ConsistencyProof(from: size, to: history.size, node: node),
      proof.verifies(oldRoot: root, newRoot: ledger.root())
    {
      return (root, proof)
    }
    guard again else { return nil }
    // A stored node is damaged, so all are made anew from the entries.
    try ledger.makeNodes()
    return try consistency(from: size, again: false)
  }
}
