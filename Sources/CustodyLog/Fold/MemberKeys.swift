package import CustodyValues

/// The public keys of a member.
package struct MemberKeys: Hashable, Sendable {
  /// X25519. Envelopes and wrapped keys are sealed to it.
  package let box: Digest
  /// Ed25519, one for each kind of signed text.
  package let entries: Digest
  package let checkpoints: Digest
  package let cosignatures: Digest

  package init(box: Digest, entries: Digest, checkpoints: Digest, cosignatures: Digest) {
    (self.box, self.entries) = (box, entries)
    (self.checkpoints, self.cosignatures) = (checkpoints, cosignatures)
  }

  var all: [Digest] { [box, entries, checkpoints, cosignatures] }
}
