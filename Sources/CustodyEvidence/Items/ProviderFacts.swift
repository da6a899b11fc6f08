internal import CustodyJSON

/// Facts about a provider that no preset describes, stated by the connector's registrar. They are part of the
/// connector's details.
public struct ProviderFacts: Equatable, Sendable {
  /// `never`, `always`, `optional` or `late`: when an exchange brings a new refresh token.
  public var rotation: String?
  /// `valid`, `dead` or `grace`: the state of the old refresh token after that.
  public var oldToken: String?
  /// How long an old token works under `grace`, in seconds.
  public var graceSeconds: Int64?
  /// Lifetime of a refresh token in days, used or not.
  public var refreshDays: Int64?
  /// Lifetime of a refresh token without use, in days.
  public var idleDays: Int64?
  /// URL of the revocation endpoint.
  public var revokeURL: String?
  /// URL of the authorization endpoint, for a login in a browser.
  public var authorizeURL: String?
  /// URL of the device authorization endpoint.
  public var deviceURL: String?
  /// True if an exchange sends the connector's scope. Nil counts as true, unless the provider has refused that scope.
  public var scopeInRefresh: Bool?

  /// Creates facts of which none is known.
  public init() {}

  /// The URLs that get a secret or lead to one that does, by purpose.
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
