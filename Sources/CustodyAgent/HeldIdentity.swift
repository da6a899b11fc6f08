/// An identity that the agent holds, as its status reply describes it.
package struct HeldIdentity: Sendable, Equatable {
  package let name: IdentityName
  /// Seconds until the agent forgets it in any case, and until it does so if nobody uses it; both rounded up.
  package let secondsLeft: UInt64
  package let idleSecondsLeft: UInt64
  package let confirms: Bool
}
