/// What a member may do; held by keys first and by the log's rules second.
public enum Role: String, CaseIterable, Sendable {
  case admin, developer, auditor
}

extension Role {
  package var indefinite: String { (self == .developer ? "a " : "an ") + rawValue }
}
