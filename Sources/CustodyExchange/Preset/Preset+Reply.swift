package import CustodyJSON

extension Preset {
  /// Where a reply says what.
  package struct Reply: Sendable {
    package enum Format: String, Sendable { case json, form }

    package let format: Format
    package let accessToken: JSONPath
    package let refreshToken: JSONPath?
    package let tokenType: JSONPath?
    package let expiry: Expiry?
    /// Where the expiry field says nothing: a JWT's `exp`, or `lifetimes.access_seconds` if that is sooner.
    package let expiryFromJWT: Bool
    /// When the refresh token ends.
    package let refreshExpiry: Expiry?
    package let scope: JSONPath?
    package let scopeSeparator: String
    package let apiBase: JSONPath?
    package let apiHosts: [HostPattern]
  }

  package struct Expiry: Sendable {
    package enum Unit: String, Sendable { case seconds, milliseconds }
    package enum Kind: String, Sendable { case relative, absolute }

    package let field: JSONPath
    package let unit: Unit
    package let kind: Kind
  }

  /// How a failure shows, whatever the HTTP status.
  package struct Errors: Sendable {
    package let code: JSONPath
    /// Where else a failure may name itself; looked at only in what has failed.
    package let otherCodes: [JSONPath]
    package let description: JSONPath?
    /// A flag that is false in a reply that failed.
    package let success: JSONPath?
    /// By the provider's code, or by HTTP status in three digits.
    package let classes: [String: ErrorClass]
  }

  package enum ErrorClass: String, Sendable {
    /// The refresh token is dead, expired or taken back.
    case refused
    /// The connector's ID or secret is wrong or has expired.
    case client
    /// The request asks for what the connector may not have.
    case request
    case throttled
    /// The provider failed.
    case provider
  }
}
