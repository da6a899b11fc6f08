internal import CustodyCrypto
package import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// A member's cosignature of a checkpoint.
package struct Cosigned: Sendable {
  /// A `cosignature/v1` line, to stand below the checkpoint's own.
  package let line: NoteSignature
  /// True if the vault has the checkpoint, and so an entry has the cosignature.
  package let isStored: Bool
}

extension Session {
  /// Cosigns a checkpoint. It must be a beginning of the log as it is here, or be proved to continue it. If the vault
  /// has the checkpoint, an entry records the cosignature.
  package func cosign(_ shown: CheckpointRequest.Shown) throws(VaultError) -> Cosigned {
    try translating {
      try core.memory?.checkContinuity()
      let known = try core.reading { () -> NoteSignature? in
        try core.checkLeadsOn(shown)
        return try core.ownCosignature(of: shown.checkpoint)
      }
      if let known { return Cosigned(line: known, isStored: true) }
      let checkpoint = shown.checkpoint
      let seconds = UInt64(max(0, core.now().milliseconds / 1000))
      let signature = try core.holder.signCosignature(Cosignature.message(seconds, checkpoint.text))
      let payload = Cosignature.payload(seconds, signature)
      let isHere = try core.reading { try core.store.checkpoint(size: checkpoint.size) != nil }
      if isHere {
        let seen = Seen(size: checkpoint.size, root: checkpoint.root)
        _ = try core.commit { try $0.append(.logCosign) { $0.set(seen, cosignature: payload) } }
      }
      let key = try core.author().cosignatureKey(origin: core.history.origin)
      return Cosigned(line: key.line(signature: payload), isStored: isHere)
    }
  }
}

extension Core {
  fileprivate func ownCosignature(of checkpoint: Checkpoint) throws -> NoteSignature? {
    let key = try author().cosignatureKey(origin: history.origin)
    return cosignatureLines(of: checkpoint).first { $0.keyID == key.keyID }
  }

  /// Checks that the checkpoint is of this log, was signed by another member, and does not contradict this member's
  /// history.
  fileprivate func checkLeadsOn(_ shown: CheckpointRequest.Shown) throws {
    let checkpoint = shown.checkpoint
    guard checkpoint.origin.hasSameBytes(as: history.origin) else {
      throw VaultError(
        .badInput, "the checkpoint is of another log", hint: "name the vault that it is of: \(step: .give(.vault))")
    }
    guard let signer = shown.note.signer(among: history.members, origin: history.origin) else {
      throw VaultError(.integrity, "no member of this log has signed the checkpoint")
    }
    guard signer.id != me else {
      throw VaultError(
        .badInput, "you have signed this checkpoint yourself", hint: "ask another member to cosign it")
    }
    guard try leadsOn(shown) else {
      throw VaultError(
        .integrity, "the checkpoint of \("entry".counted(checkpoint.size)) is of another record than yours",
        hint: "sign nothing, keep both, and compare with another member's vault")
    }
  }

  private func leadsOn(_ shown: CheckpointRequest.Shown) throws -> Bool {
    let checkpoint = shown.checkpoint
    if checkpoint.size <= history.size {
      return try root(at: checkpoint.size) == checkpoint.root
    }
    guard let proof = shown.proof, proof.oldSize == history.size else {
      throw VaultError(
        .badInput, "the checkpoint is of \("entry".counted(checkpoint.size)), and you know \(history.size)",
        hint: "ask for a proof from there: \(step: .proveGrowth(from: history.size))")
    }
    return proof.verifies(oldRoot: ledger.root(), newRoot: checkpoint.root)
  }
}
