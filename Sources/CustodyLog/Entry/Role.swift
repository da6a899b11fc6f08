/// A member's role. It is enforced by the keys that a member is given, and by the rules of the log.
public enum Role: String, CaseIterable, Sendable {
  /// Manages members and items. Opens all names and details, and the values of the items granted to them.
  case admin
  /// Registers connectors, and uses the items granted to them.
  case developer
  /// Reads the log and all names and details. Never granted a value.
  case auditor
}

extension Role {
  package var indefinite: String { (self == .developer ? "a " : "an ") + rawValue }
}
