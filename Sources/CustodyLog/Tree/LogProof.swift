internal import CustodyCrypto
package import CustodyValues

/// A proof in one file that an entry is in a log: C2SP's tlog-proof@v1, with the entry in `extra`.
package struct LogProof: Equatable, Sendable {
  package static let firstLine = "c2sp.org/tlog-proof@v1"

  /// The entry's bytes with its own signature line. The leaf hash is computed from them.
  package let extra: [UInt8]?
  package let index: UInt64
  package let path: [Digest]
  package let checkpoint: SignedNote

  package init(extra: [UInt8]?, index: UInt64, path: [Digest], checkpoint: SignedNote) {
    (self.extra, self.index, self.path, self.checkpoint) = (extra, index, path, checkpoint)
  }

  package var bytes: [UInt8] {
    var out = Array((Self.firstLine + "\n").utf8)
    if let extra { out += Array("extra ".utf8) + Base64.encode(extra) + [0x0a] }
    out += Array("index \(index)\n".utf8)
    return out + HashLines.bytes(path) + [0x0a] + checkpoint.bytes
  }

  /// Parses the file strictly: the result formats back to the same bytes.
  package init?(parsing bytes: [UInt8]) {
    guard let (found, checkpoint) = HashLines.split(bytes) else { return nil }
    var lines = found
    guard lines.popFirst()?.elementsEqual(Self.firstLine.utf8) == true else { return nil }
    var extra: [UInt8]?
    if let line = lines.first, line.starts(with: "extra ".utf8) {
      guard let decoded = Base64.decode(line.dropFirst(6)) else { return nil }
      (extra, lines) = (decoded, lines.dropFirst())
    }
    guard let line = lines.popFirst(), line.starts(with: "index ".utf8), let index = Decimal.parse(line.dropFirst(6)),
      let path = HashLines.parse(lines)
    else { return nil }
    self.init(extra: extra, index: index, path: path, checkpoint: checkpoint)
  }

  /// The inclusion proof for `index` in the checkpoint's tree. Nil if the note's text is not a checkpoint.
  package var inclusion: (proof: InclusionProof, checkpoint: Checkpoint)? {
    guard let head = Checkpoint(parsing: checkpoint.text) else { return nil }
    return (InclusionProof(index: index, size: head.size, path: path), head)
  }
}

/// A checkpoint with a proof that its tree extends the one of `oldSize`: the body of an add-checkpoint request of
/// C2SP's tlog-witness.
package struct CheckpointRequest: Equatable, Sendable {
  package let oldSize: UInt64
  package let path: [Digest]
  package let checkpoint: SignedNote

  package init(oldSize: UInt64, path: [Digest], checkpoint: SignedNote) {
    (self.oldSize, self.path, self.checkpoint) = (oldSize, path, checkpoint)
  }

  package var bytes: [UInt8] {
    Array("old \(oldSize)\n".utf8) + HashLines.bytes(path) + [0x0a] + checkpoint.bytes
  }

  /// Parses the body strictly: the result formats back to the same bytes.
  package init?(parsing bytes: [UInt8]) {
    guard let (found, checkpoint) = HashLines.split(bytes) else { return nil }
    var lines = found
    guard let line = lines.popFirst(), line.starts(with: "old ".utf8),
      let old = Decimal.parse(line.dropFirst(4)), let path = HashLines.parse(lines)
    else { return nil }
    self.init(oldSize: old, path: path, checkpoint: checkpoint)
  }
}

/// The shared end of both files: lines of base64 hashes, an empty line and a checkpoint's note.
private enum HashLines {
  static func bytes(_ path: [Digest]) -> [UInt8] { path.flatMap { Base64.encode($0) + [0x0a] } }

  /// Splits at the first empty line: the lines before it, and the note after it.
  static func split(_ bytes: [UInt8]) -> (lines: ArraySlice<ArraySlice<UInt8>>, checkpoint: SignedNote)? {
    guard bytes.count <= SignedNote.limit,
      let end = bytes.indices.dropFirst().first(where: { bytes[$0] == 0x0a && bytes[$0 - 1] == 0x0a }),
      let note = SignedNote(parsing: Array(bytes[(end + 1)...]))
    else { return nil }
    return (bytes[..<(end - 1)].split(separator: 0x0a, omittingEmptySubsequences: false)[...], note)
  }

  /// Parses one hash a line. Nil for more than 63 hashes, the greatest length of a path in a tree.
  static func parse(_ lines: ArraySlice<ArraySlice<UInt8>>) -> [Digest]? {
    let hashes = lines.compactMap { Base64.digest($0) }
    return hashes.count == lines.count && hashes.count < 64 ? hashes : nil
  }
}

extension CheckpointRequest {
  /// The contents of a file that carries a checkpoint: the note alone, or the note with a proof from an older size.
  package struct Shown: Equatable, Sendable {
    package let checkpoint: Checkpoint
    package let note: SignedNote
    package let proof: ConsistencyProof?

    package init?(_ bytes: [UInt8]) {
      let request = CheckpointRequest(parsing: bytes)
      guard let note = request?.checkpoint ?? SignedNote(parsing: bytes), let head = Checkpoint(parsing: note.text)
      else {
        return nil
      }
      (self.note, checkpoint) = (note, head)
      proof = request.map { ConsistencyProof(oldSize: $0.oldSize, newSize: head.size, path: $0.path) }
    }
  }
}
