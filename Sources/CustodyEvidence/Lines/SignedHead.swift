internal import CustodyCrypto
package import CustodyLog
internal import CustodyValues

/// A checkpoint with who signed it.
package struct SignedHead {
  package let checkpoint: Checkpoint
  package let note: SignedNote
  package let key: VerifierKey
  package let signer: Member

  package init(checkpoint: Checkpoint, note: SignedNote, key: VerifierKey, signer: Member) {
    (self.checkpoint, self.note, self.key, self.signer) = (checkpoint, note, key, signer)
  }

  /// With cosignatures behind its signer's line, as many as a note holds.
  package func adding(_ lines: [NoteSignature]) -> SignedHead {
    let all = note.signatures + lines.prefix(NoteSignature.limit - note.signatures.count)
    return SignedHead(checkpoint: checkpoint, note: checkpoint.note(signatures: all), key: key, signer: signer)
  }
}
