extension Preset {
  /// How long things live, as far as the provider says. What a reply says counts more.
  package struct Lifetimes: Sendable {
    /// From the making of a refresh token, used or not.
    package internal(set) var refreshDays: Int64?
    /// Without use.
    package internal(set) var idleDays: Int64?
    /// From the first token of a grant on, however often it was rotated.
    package let familyDays: Int64?
    /// From this age on an exchange brings a new refresh token: for `late`.
    package let renewFromDays: Int64?
    /// An access token, where a reply says nothing of it.
    package let accessSeconds: Int64?
    /// A provider that dislikes early refreshes is asked only when the access token has no longer than this.
    package let earliestRefreshSeconds: Int64?
  }

  /// By what a token can be known without asking anyone.
  package struct TokenSigns: Sendable {
    package let refreshPrefixes: [String]
    package let accessPrefixes: [String]
    /// Refresh tokens are JWTs, whose `exp` and claims can be read.
    package let isJWT: Bool
    /// The claim that names the connector; a second name is looked up in the JSON text that the first one holds.
    package let connectorClaim: [String]
    /// A JWT that lives no longer than this is an access token.
    package let accessSeconds: Int64?
  }

  /// A part of a URL that a connector or a token fills in.
  package struct Variable: Sendable {
    package let name: String
    package let title: String
    package let standard: String?
    /// The only ones that there are; empty where any will do.
    package let values: [String]
  }

  /// RFC 6749, section 4.1, with PKCE (RFC 7636) on a loopback port (RFC 8252).
  package struct Authorize: Sendable {
    package let url: String
    /// Query parameters that are always the same: `access_type=offline`.
    package let fixed: [(name: String, value: String)]
    package let scope: String?
    package let scopeSeparator: String
    /// Whether the provider knows PKCE's S256; where it doesn't, the state alone ties reply and request.
    package let pkce: Bool
    /// Who an answer must be from, where the provider says so in its answers (RFC 9207).
    package let issuer: String?
    /// The provider always says so: an answer that doesn't is another's.
    package let alwaysNamesIssuer: Bool
  }

  /// RFC 8628.
  package struct Device: Sendable {
    package let url: String
    package let scope: String?
    /// Whether the connector's ID and secret go along, as in an exchange; else its ID alone.
    package let authenticates: Bool
  }

  /// A call with a token that gives no token: RFC 7009, RFC 7662, or the provider's own.
  package struct TokenCall: Sendable {
    package let url: String
    package let method: Method
    package let token: Place
    package let fixed: [Fixed]
    /// Whether the connector's ID and secret go along, as in an exchange.
    package let authenticates: Bool
  }
}
