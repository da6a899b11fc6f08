internal import CustodyJSON

/// What a connector's registrar knows of a provider that no preset describes: part of the connector's details.
public struct ProviderFacts: Equatable, Sendable {
  /// `never`, `always`, `optional` or `late`: whether an exchange brings a new refresh token.
  public var rotation: String?
  /// `valid`, `dead` or `grace`: what becomes of the old one then.
  public var oldToken: String?
  /// For `grace`.
  public var graceSeconds: Int64?
  /// How long a refresh token lives, used or not.
  public var refreshDays: Int64?
  /// How long it lives without use.
  public var idleDays: Int64?
  public var revokeURL: String?
  public var authorizeURL: String?
  public var deviceURL: String?
  /// Whether an exchange repeats the connector's scope. Where nobody says so it does, but for a grant of less.
  public var scopeInRefresh: Bool?

  public init() {}

  /// URLs that get a secret, or lead to one that does, by their purpose.
  public var urls: [String: String] {
    let named = [("authorize", authorizeURL), ("device", deviceURL), ("revoke", revokeURL)]
    return Dictionary(
      named.compactMap { purpose, url in url.map { (purpose, $0) } }, uniquingKeysWith: { one, _ in one })
  }

  var fields: [(String, JSONValue?)] {
    [
      ("rotation", rotation.map(JSONValue.string)), ("old_token", oldToken.map(JSONValue.string)),
      ("grace_seconds", graceSeconds.map { .integer($0) }), ("refresh_days", refreshDays.map { .integer($0) }),
      ("idle_days", idleDays.map { .integer($0) }), ("scope_in_refresh", scopeInRefresh.map(JSONValue.bool)),
      ("authorize_url", authorizeURL.map(JSONValue.string)), ("device_url", deviceURL.map(JSONValue.string)),
      ("revoke_url", revokeURL.map(JSONValue.string)),
    ]
  }

  init(_ value: JSONValue) {
    (rotation, oldToken) = (value["rotation"]?.string, value["old_token"]?.string)
    graceSeconds = value["grace_seconds"]?.integer
    (refreshDays, idleDays) = (value["refresh_days"]?.integer, value["idle_days"]?.integer)
    scopeInRefresh = value["scope_in_refresh"]?.bool
    (authorizeURL, deviceURL) = (value["authorize_url"]?.string, value["device_url"]?.string)
    revokeURL = value["revoke_url"]?.string
  }
}
