internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// Seals texts about an item under its metadata key.
struct TextWriter: ~Copyable {
  let vault: Identifier
  let item: Identifier
  let generation: UInt64
  let key: MetadataKey

  borrowing func note(_ kind: NoteRow.Kind, _ text: [UInt8], at position: UInt64) -> SealedText {
    let sealed = key.seal(text, kind.context(vault: vault, item: item, generation: generation))
    return SealedText(
      text: text, row: NoteRow(entry: position, kind: kind, item: item, generation: generation, sealed: sealed))
  }

  borrowing func details(_ metadata: [UInt8], at position: UInt64) throws -> SealedText {
    guard metadata.count <= SealedText.limit else {
      throw VaultError(
        .badInput, "the details have more than \(SealedText.limit >> 10) KiB", hint: "shorten the note, or the preset")
    }
    return note(.details, metadata, at: position)
  }

  borrowing func reason(_ reason: String?, at position: UInt64) throws -> SealedText? {
    guard let reason else { return nil }
    guard reason.utf8.count <= Reason.limit else {
      throw VaultError(.badInput, "a reason has at most \(Reason.limit) bytes", hint: "say it in fewer words")
    }
    return note(.reason, Metadata.encode([("reason", .string(reason))]), at: position)
  }

  borrowing func expiry(_ time: Timestamp?, at position: UInt64) -> SealedText? {
    time.map { note(.expiry, Metadata.encode([("expires", .string($0.text))]), at: position) }
  }
}
