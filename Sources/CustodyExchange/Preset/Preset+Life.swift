extension Preset {
  /// How long things live, as far as the provider says. What a reply says counts more.
  public struct Lifetimes: Sendable {
    /// From the making of a refresh token, used or not.
    public internal(set) var refreshDays: Int64?
    /// Without use.
    public internal(set) var idleDays: Int64?
    /// From the first token of a grant on, however often it was rotated.
    public let familyDays: Int64?
    /// From this age on an exchange brings a new refresh token: for `late`.
    public let renewFromDays: Int64?
    /// An access token, where a reply says nothing of it.
    public let accessSeconds: Int64?
    /// A provider that dislikes early refreshes is asked only when the access token has no longer than this.
    public let earliestRefreshSeconds: Int64?
  }

  /// By what a token can be known without asking anyone.
  public struct TokenSigns: Sendable {
    public let refreshPrefixes: [String]
    public let accessPrefixes: [String]
    /// Refresh tokens are JWTs, whose `exp` and claims can be read.
    public let isJWT: Bool
    /// The claim that names the connector; a second name is looked up in the JSON text that the first one holds.
    public let connectorClaim: [String]
    /// A JWT that lives no longer than this is an access token.
    public let accessSeconds: Int64?
  }

  /// A part of a URL that a connector or a token fills in.
  public struct Variable: Sendable {
    public let name: String
    public let title: String
    public let standard: String?
    /// The only ones that there are; empty where any will do.
    public let values: [String]
  }

  /// RFC 6749, section 4.1, with PKCE (RFC 7636) on a loopback port (RFC 8252).
  public struct Authorize: Sendable {
    public let url: String
    /// Query parameters that are always the same: `access_type=offline`.
    public let fixed: [(name: String, value: String)]
    public let scope: String?
    public let scopeSeparator: String
    /// Whether the provider knows PKCE's S256; where it doesn't, the state alone ties reply and request.
    public let pkce: Bool
    /// Who an answer must be from, where the provider says so in its answers (RFC 9207).
    public let issuer: String?
    /// The provider always says so: an answer that doesn't is another's.
    public let alwaysNamesIssuer: Bool
  }

  /// RFC 8628.
  public struct Device: Sendable {
    public let url: String
    public let scope: String?
    /// Whether the connector's ID and secret go along, as in an exchange; else its ID alone.
    public let authenticates: Bool
  }

  /// A call with a token that gives no token: RFC 7009, RFC 7662, or the provider's own.
  public struct TokenCall: Sendable {
    public let url: String
    public let method: Method
    public let token: Place
    public let fixed: [Fixed]
    /// Whether the connector's ID and secret go along, as in an exchange.
    public let authenticates: Bool
  }
}
