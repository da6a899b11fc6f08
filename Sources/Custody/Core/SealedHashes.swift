internal import CustodyCrypto
internal import CustodyValues
internal import CustodyStore

/// SHA-256 hashes by which entries name sealed bytes in rows. docs/FORMAT.md defines them byte for byte.
enum SealedHashes {
  /// Hashes several envelopes: each recipient's 16 bytes and the SHA-256 of the bytes sealed to them, in ascending
  /// order of recipients.
  static func envelopes(_ envelopes: [(recipient: Identifier, sha256: Digest)]) -> Digest {
    var hash = SHA256()
    for envelope in envelopes.sorted(by: { $0.recipient < $1.recipient }) {
      hash.update(envelope.recipient.bytes)
      hash.update(envelope.sha256)
    }
    return hash.finish()
  }

  /// Hashes the wrapped keys that one entry made: each one's recipient (16 bytes), epoch (8 bytes, little-endian), kind
  /// (1 byte) and SHA-256, in ascending order of these.
  static func wraps(_ rows: [KeyWrapRow]) -> Digest { wraps(rows) { $0.recipient.bytes } }

  /// Hashes all present members' wrapped keys that were sealed before an epoch: as `wraps`, with `sealed_in` (8 bytes,
  /// little-endian) after each recipient.
  static func wraps(_ rows: some Sequence<KeyWrapRow>, sealedBefore epoch: UInt64) -> Digest {
    wraps(rows.filter { $0.recipient != .none && $0.sealedIn < epoch }) {
      $0.recipient.bytes + $0.sealedIn.littleEndianBytes
    }
  }

  private static func wraps(_ rows: [KeyWrapRow], _ maker: (KeyWrapRow) -> [UInt8]) -> Digest {
    var hash = SHA256()
    for row in rows.sorted(by: {
      ($0.recipient, $0.sealedIn, $0.epoch, $0.kind.rawValue) < ($1.recipient, $1.sealedIn, $1.epoch, $1.kind.rawValue)
    }) {
      hash.update(maker(row))
      hash.update(row.epoch.littleEndianBytes)
      hash.update([UInt8(truncatingIfNeeded: row.kind.rawValue)])
      hash.update(row.sha256)
    }
    return hash.finish()
  }

  /// Hashes a sealed seed, with the costs by which its passphrase becomes a key.
  static func seed(_ columns: SeedColumns) -> Digest {
    var pieces = PreAuthentication(count: 5)
    pieces.add(columns.passes)
    pieces.add(columns.memory)
    pieces.add(columns.salt)
    pieces.add(columns.keyFile)
    pieces.add(columns.seed)
    return SHA256.hash(pieces.bytes)
  }
}

extension KeyWrapRow {
  /// Makes the row of a key that was just sealed.
  init(_ kind: Kind, of epoch: UInt64, in newest: UInt64, to recipient: Identifier, _ sealed: [UInt8]) {
    self.init(
      recipient: recipient, sealedIn: newest, epoch: epoch, kind: kind, sealed: sealed, sha256: SHA256.hash(sealed))
  }

  /// True if the sealed bytes match the row's SHA-256, or were taken back. The SHA-256 itself must be checked against
  /// an entry.
  var isWhole: Bool { sealed.map { SHA256.hash($0) == sha256 } ?? true }
}
