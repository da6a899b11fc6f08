package import CustodyValues

/// An entry without effect: an active member signed it, and it breaks a rule.
package struct VoidEntry: Equatable, Sendable {
  package let position: UInt64
  package let author: Identifier
  /// The rule that it breaks, in words.
  package let why: String
}
