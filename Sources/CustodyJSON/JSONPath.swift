/// The way to a value: keys, and positions in arrays, as in `authed_user.access_token` or `error_codes.0`.
public struct JSONPath: Hashable, Sendable, ExpressibleByStringLiteral {
  public let steps: [String]

  /// Steps with a dot between them.
  public init(_ text: String) {
    steps = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  }

  public init(stringLiteral text: String) { self.init(text) }

  /// For keys that have a dot themselves.
  public init(steps: [String]) { self.steps = steps }
}
