/// The way to a value: keys, and positions in arrays, as in `authed_user.access_token` or `error_codes.0`.
package struct JSONPath: Hashable, Sendable, ExpressibleByStringLiteral {
  package let steps: [String]

  /// Steps with a dot between them.
  package init(_ text: String) {
    steps = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }

  package init(stringLiteral text: String) { self.init(text) }

  /// For keys that have a dot themselves.
  package init(steps: [String]) { self.steps = steps }
}
