internal import CustodyCrypto
package import CustodyLog
internal import CustodyValues

/// A checkpoint with its note, its signer and the signer's key.
package struct SignedHead {
  package let checkpoint: Checkpoint
  package let note: SignedNote
  package let key: VerifierKey
  package let signer: Member

  package init(checkpoint: Checkpoint, note: SignedNote, key: VerifierKey, signer: Member) {
    (self.checkpoint, self.note, self.key, self.signer) = (checkpoint, note, key, signer)
  }

  /// Adds cosignatures after the signer's line, as many as a note may have.
  package func adding(_ lines: [NoteSignature]) -> SignedHead {
    let all = note.signatures + lines.prefix(NoteSignature.limit - note.signatures.count)
    return SignedHead(checkpoint: checkpoint, note: checkpoint.note(signatures: all), key: key, signer: signer)
  }
}
