package import CustodyValues

/// A cosignature as its `log.cosign` has it.
///
/// The fold does not ask whether it holds: what one member signed badly makes no entry void and stops no fold. Who counts on
/// one asks `damage`.
package struct RecordedCosignature: Equatable, Sendable {
  /// Position of its entry.
  package let position: UInt64
  package let author: Identifier
  /// What was cosigned.
  package let checkpoint: Seen
  /// The time in eight bytes, and the signature.
  package let payload: [UInt8]

  init(position: UInt64, author: Identifier, checkpoint: Seen, payload: [UInt8]) {
    (self.position, self.author, self.checkpoint, self.payload) = (position, author, checkpoint, payload)
  }

  /// Nil for an entry that records none.
  init?(_ entry: Entry, at position: UInt64) {
    guard entry.action == .logCosign, entry.outcome == .ok, let size = entry.number(.size),
      let root = entry.digest(.root), let payload = entry.cosignature
    else { return nil }
    self.init(
      position: position, author: entry.actor, checkpoint: Seen(size: size, root: root), payload: payload)
  }

  package var time: Timestamp { Cosignature.time(Cosignature.parse(payload)?.seconds ?? 0) }

  /// As it stands below the checkpoint's own line.
  package func line(by author: Member, origin: String) -> NoteSignature {
    author.cosignatureKey(origin: origin).line(signature: payload)
  }

  package func isSigned(by author: Member, origin: String) -> Bool {
    let text = Checkpoint(origin: origin, size: checkpoint.size, root: checkpoint.root).text
    return author.cosignatureKey(origin: origin).verify(line(by: author, origin: origin), text: text)
  }

  /// Why it vouches for nothing; nil where it holds. `root` is the log's at a size, or nil where the log had no such size.
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

  /// Of a part of a log, whose roots are not known: by the signature alone.
  package func damage(by author: Member, origin: String) -> Damage? {
    guard !isSigned(by: author, origin: origin) else { return nil }
    return Damage("its cosignature does not hold", index: position, author: author.name)
  }
}

extension History {
  /// In the order of their entries.
  package var recordedCosignatures: [RecordedCosignature] { cosignatures.sorted { $0.position < $1.position } }
}
