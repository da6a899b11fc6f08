extension Preset {
  /// Lifetimes as the provider documents them. A reply's own statement takes precedence.
  package struct Lifetimes: Sendable {
    /// Greatest age of a refresh token in days, used or not.
    package internal(set) var refreshDays: Int64?
    /// Days without use after which a refresh token ends.
    package internal(set) var idleDays: Int64?
    /// Days from the first token of a grant to the end of its last, however often it is rotated.
    package let familyDays: Int64?
    /// Age in days from which an exchange brings a new refresh token, for rotation `late`.
    package let renewFromDays: Int64?
    /// Life of an access token in seconds, for replies that don't state one.
    package let accessSeconds: Int64?
    /// Remaining life of an access token, in seconds, above which the provider objects to a new exchange.
    package let earliestRefreshSeconds: Int64?
  }

  /// Signs by which a token's text shows its kind.
  package struct TokenSigns: Sendable {
    /// Prefixes of this provider's refresh tokens; empty if unknown.
    package let refreshPrefixes: [String]
    /// Prefixes of its access tokens.
    package let accessPrefixes: [String]
    /// True if refresh tokens are JWTs, whose `exp` and claims can be read.
    package let isJWT: Bool
    /// Path of the claim that names the connector. A second name is looked up in the JSON text that the first one
    /// holds.
    package let connectorClaim: [String]
    /// Life in seconds up to which a JWT is an access token.
    package let accessSeconds: Int64?
  }

  /// A variable in a preset's URLs, to be filled in by a connector or a token.
  package struct Variable: Sendable {
    /// The variable's name in the URL's braces.
    package let name: String
    /// Its meaning, for people.
    package let title: String
    /// The default value.
    package let standard: String?
    /// All values that are allowed; empty if any is.
    package let values: [String]
  }

  /// The login by browser: an authorization code (RFC 6749, section 4.1) with PKCE (RFC 7636), returned to a loopback
  /// port (RFC 8252).
  package struct Authorize: Sendable {
    /// The page that the browser opens.
    package let url: String
    /// Query parameters with constant values, as `access_type=offline`.
    package let fixed: [(name: String, value: String)]
    /// A scope that is asked for in addition to the connector's.
    package let scope: String?
    /// The character between two scopes.
    package let scopeSeparator: String
    /// True if the provider knows PKCE's S256. Without it, only the state ties the answer to the request.
    package let pkce: Bool
    /// The issuer that an answer must name, if the provider names one (RFC 9207).
    package let issuer: String?
    /// True if the provider always names itself: an answer that does not is another provider's.
    package let alwaysNamesIssuer: Bool
  }

  /// The login by device code (RFC 8628).
  package struct Device: Sendable {
    /// The device authorization endpoint.
    package let url: String
    /// A scope that is asked for in addition to the connector's.
    package let scope: String?
    /// True if the connector's secret is sent as in an exchange; otherwise only its ID is.
    package let authenticates: Bool
  }

  /// A call with a token that returns no token: a revocation (RFC 7009), an introspection (RFC 7662), or the provider's
  /// own form of one.
  package struct TokenCall: Sendable {
    /// The call's URL.
    package let url: String
    package let method: Method
    /// The token's place in the request.
    package let token: Place
    /// Constant values of the request.
    package let fixed: [Fixed]
    /// True if the connector's ID and secret are sent as in an exchange.
    package let authenticates: Bool
  }
}
