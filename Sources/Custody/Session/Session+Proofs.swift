internal import CustodyEvidence
internal import CustodyCrypto
public import CustodyLog
internal import CustodyValues
internal import CustodyStore

extension Session {
  /// Proves that an entry is in the log, as a file of its own: the entry, its inclusion proof, and the newest
  /// checkpoint with its cosignatures.
  package func prove(_ index: UInt64) throws(VaultError) -> LogProof {
    try translating {
      try core.reading {
        let head = try core.newestHead()
        guard let proof = try core.inclusion(index, in: core.ledger.head()) else {
          throw VaultError(
            .notFound, "there is no log entry \(index)", subject: "\(index)",
            hint: "the log has \("entry".counted(head.checkpoint.size)), from 0: \(step: .showLog)")
        }
        guard let row = try core.store.entry(index) else {
          throw VaultError(.integrity, "log entry \(index) is missing")
        }
        let bytes = try core.ledger.proved(row)
        guard proof.verifies(leaf: MerkleTree.leafHash(bytes), root: head.checkpoint.root) else {
          throw VaultError(.integrity, "the log's tree does not lead from entry \(index) to its root")
        }
        return LogProof(extra: bytes, index: index, path: proof.path, checkpoint: head.note)
      }
    }
  }

  /// Returns the newest checkpoint as its signer made it, with the cosignatures that the log has.
  public func checkpoint() throws(VaultError) -> SignedNote {
    try translating { try core.reading { try core.newestHead().note } }
  }

  /// Makes the request to a witness that has seen the log up to this size.
  package func checkpointRequest(from size: UInt64) throws(VaultError) -> CheckpointRequest {
    try translating {
      try core.reading {
        let head = try core.newestHead()
        guard let proof = try core.consistency(from: size) else {
          throw VaultError(
            .notFound, "the log has only \("entry".counted(head.checkpoint.size)), and \(size) were asked for",
            subject: "\(size)",
            hint: "name a size that it had: \(step: .give(.proofStart(head.checkpoint.size)))")
        }
        return CheckpointRequest(oldSize: size, path: proof.path, checkpoint: head.note)
      }
    }
  }
}

extension Core {
  func newestHead() throws -> SignedHead {
    guard let newest = ledger.newest, let head = try signedHead(newest.size) else {
      throw VaultError(.integrity, "the log has no checkpoint")
    }
    return head
  }

  /// Returns each member's first valid cosignature of a checkpoint, in the order of their entries. An invalid one would
  /// break every bundle.
  func cosignatureLines(of checkpoint: Checkpoint) -> [NoteSignature] {
    let seen = Seen(size: checkpoint.size, root: checkpoint.root)
    // A cosignature is recorded after the checkpoint that it is of, so the newest checkpoint has none.
    guard seen.size < history.size else { return [] }
    var done: Set<Identifier> = []
    return history.recordedCosignatures.filter { $0.checkpoint == seen }.compactMap { cosignature in
      guard let member = history.members[cosignature.author], !done.contains(member.id),
        cosignature.isSigned(by: member, origin: history.origin)
      else { return nil }
      done.insert(member.id)
      return cosignature.line(by: member, origin: history.origin)
    }
  }
}
