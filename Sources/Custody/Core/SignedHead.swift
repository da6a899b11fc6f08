internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// A checkpoint with who signed it.
struct SignedHead {
  let checkpoint: Checkpoint
  let note: SignedNote
  let key: VerifierKey
  let signer: Member

  /// With cosignatures behind its signer's line, as many as a note holds.
  func adding(_ lines: [NoteSignature]) -> SignedHead {
    let all = note.signatures + lines.prefix(NoteSignature.limit - note.signatures.count)
    return SignedHead(checkpoint: checkpoint, note: checkpoint.note(signatures: all), key: key, signer: signer)
  }
}
