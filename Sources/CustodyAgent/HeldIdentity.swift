/// What an agent says of an identity that it holds.
package struct HeldIdentity: Sendable, Equatable {
  package let name: IdentityName
  /// Until it locks whatever happens, and if nothing happens; rounded up to seconds.
  package let secondsLeft: UInt64
  package let idleSecondsLeft: UInt64
  package let confirms: Bool
}
