internal import CustodyValues

/// The public keys of a member.
package struct MemberKeys: Hashable, Sendable {
  /// X25519. Envelopes and wrapped keys are sealed to it.
  package let box: MemberKey<BoxUse>
  /// Ed25519, one for each kind of signed text.
  package let entries: MemberKey<EntryUse>
  package let checkpoints: MemberKey<CheckpointUse>
  package let cosignatures: MemberKey<CosignatureUse>

  package init(
    box: MemberKey<BoxUse>, entries: MemberKey<EntryUse>, checkpoints: MemberKey<CheckpointUse>,
    cosignatures: MemberKey<CosignatureUse>
  ) {
    (self.box, self.entries) = (box, entries)
    (self.checkpoints, self.cosignatures) = (checkpoints, cosignatures)
  }

  var all: [Digest] { [box.bytes, entries.bytes, checkpoints.bytes, cosignatures.bytes] }
}
