public import CustodyMemory

/// The public halves of an identity.
public struct MemberKeys: Hashable, Sendable {
  /// X25519: envelopes and wraps are sealed to it.
  public let box: Digest
  /// Ed25519, one for each kind of thing that is signed.
  public let entries: Digest
  public let checkpoints: Digest
  public let cosignatures: Digest

  public init(box: Digest, entries: Digest, checkpoints: Digest, cosignatures: Digest) {
    (self.box, self.entries) = (box, entries)
    (self.checkpoints, self.cosignatures) = (checkpoints, cosignatures)
  }

  var all: [Digest] { [box, entries, checkpoints, cosignatures] }
}

/// A member as the log says.
public struct Member: Sendable {
  public let id: Identifier
  public let name: String
  public internal(set) var role: Role
  public let keys: MemberKeys
  /// Position of the entry that enrolled them, and who signed it.
  public let enrolled: UInt64
  public let enrolledBy: Identifier
  /// Position of the entry that removed them. Their name, keys and ID stay theirs.
  public internal(set) var removed: UInt64?
  public var isActive: Bool { removed == nil }
  /// Their own counter.
  public internal(set) var lastSeq: UInt64 = 0
}

/// A pair of vault key and audit key, and the entry that made them.
public struct Epoch: Equatable, Sendable {
  public let begun: UInt64
  /// Public half.
  public let auditKey: Digest
}
