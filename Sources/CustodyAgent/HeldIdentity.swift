/// What an agent says of an identity that it holds.
public struct HeldIdentity: Sendable, Equatable {
  public let name: IdentityName
  /// Until it locks whatever happens, and if nothing happens; rounded up to seconds.
  public let secondsLeft: UInt64
  public let idleSecondsLeft: UInt64
  public let confirms: Bool
}
