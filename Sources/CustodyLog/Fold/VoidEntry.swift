public import CustodyValues

/// An entry in the log without effect: an active member signed it, and it breaks a rule.
public struct VoidEntry: Equatable, Sendable {
  public let position: UInt64
  public let author: Identifier
  /// The rule that it breaks, in words.
  public let why: String
}
