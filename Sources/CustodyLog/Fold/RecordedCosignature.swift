package import CustodyValues

/// A cosignature that a `log.cosign` entry records.
///
/// The fold does not verify it: a bad signature by one member makes no entry void and stops no fold. Callers that rely
/// on it call `damage`.
package struct RecordedCosignature: Equatable, Sendable {
  /// Position of its entry.
  package let position: UInt64
  package let author: Identifier
  /// The cosigned checkpoint's size and root.
  package let checkpoint: Seen
  /// The time in 8 bytes, big-endian, and the signature in 64.
  package let payload: [UInt8]

  init(position: UInt64, author: Identifier, checkpoint: Seen, payload: [UInt8]) {
    (self.position, self.author, self.checkpoint, self.payload) = (position, author, checkpoint, payload)
  }

  /// Reads it from an entry. Nil if the entry records none.
  init?(_ entry: Entry, at position: UInt64) {
    guard entry.action == .logCosign, entry.outcome == .ok, let size = entry.number(.size),
      let root = entry.digest(.root), let payload = entry.cosignature
    else { return nil }
    self.init(
      position: position, author: entry.actor, checkpoint: Seen(size: size, root: root), payload: payload)
  }

  package var time: Timestamp { Cosignature.time(Cosignature.parse(payload)?.seconds ?? 0) }

  /// The cosignature's line in a checkpoint's note.
  package func line(by author: Member, origin: String) -> NoteSignature {
    author.cosignatureKey(origin: origin).line(signature: payload)
  }

  package func isSigned(by author: Member, origin: String) -> Bool {
    let text = Checkpoint(origin: origin, size: checkpoint.size, root: checkpoint.root).text
    return author.cosignatureKey(origin: origin).verify(line(by: author, origin: origin), text: text)
  }

  /// The reason why it does not count. Nil if it is valid. `root` returns the log's root at a size, or nil if the log
  /// never had that size.
  package func damage(
    by author: Member, origin: String, root: (UInt64) throws -> Digest?
  ) rethrows -> Damage? {
    if let damage = damage(by: author, origin: origin) { return damage }
    guard checkpoint.size > 0, checkpoint.size <= position, try root(checkpoint.size) == checkpoint.root else {
      return Damage(
        "its cosignature is of a checkpoint that this log does not have", index: position, author: author.name)
    }
    return nil
  }

  /// The same for a part of a log, whose roots are unknown: the signature alone is verified.
  package func damage(by author: Member, origin: String) -> Damage? {
    guard !isSigned(by: author, origin: origin) else { return nil }
    return Damage("its cosignature does not hold", index: position, author: author.name)
  }
}
