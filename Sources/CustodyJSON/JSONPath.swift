/// A path to a value: keys, and positions in arrays, as in `authed_user.access_token` or `error_codes.0`.
package struct JSONPath: Hashable, Sendable, ExpressibleByStringLiteral {
  package let steps: [String]

  /// Parses steps with a dot between them.
  package init(_ text: String) {
    steps = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }

  package init(stringLiteral text: String) { self.init(text) }

  /// Takes steps as they are, for keys that have a dot in them.
  package init(steps: [String]) { self.steps = steps }
}
