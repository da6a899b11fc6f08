public import CustodyValues

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
