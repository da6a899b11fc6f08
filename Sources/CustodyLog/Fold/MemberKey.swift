package import CustodyValues

/// A member's public key for one use. Keys of two uses are of two types, so that neither can stand in the other's place.
package struct MemberKey<Use: MemberKeyUse>: Hashable, Sendable {
  package let bytes: Digest

  package init(_ bytes: Digest) { self.bytes = bytes }
}

package protocol MemberKeyUse: Sendable {}

/// X25519: envelopes and wraps are sealed to it.
package enum BoxUse: MemberKeyUse {}
/// Ed25519, one for each kind of thing that is signed.
package enum EntryUse: MemberKeyUse {}
package enum CheckpointUse: MemberKeyUse {}
package enum CosignatureUse: MemberKeyUse {}
