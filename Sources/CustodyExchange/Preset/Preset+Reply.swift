public import CustodyJSON

extension Preset {
  /// Where a reply says what.
  public struct Reply: Sendable {
    public enum Format: String, Sendable { case json, form }

    public let format: Format
    public let accessToken: JSONPath
    public let refreshToken: JSONPath?
    public let tokenType: JSONPath?
    public let expiry: Expiry?
    /// Where the expiry field says nothing: a JWT's `exp`, or `lifetimes.access_seconds` if that is sooner.
    public let expiryFromJWT: Bool
    /// When the refresh token ends.
    public let refreshExpiry: Expiry?
    public let scope: JSONPath?
    public let scopeSeparator: String
    public let apiBase: JSONPath?
    public let apiHosts: [HostPattern]
  }

  public struct Expiry: Sendable {
    public enum Unit: String, Sendable { case seconds, milliseconds }
    public enum Kind: String, Sendable { case relative, absolute }

    public let field: JSONPath
    public let unit: Unit
    public let kind: Kind
  }

  /// How a failure shows, whatever the HTTP status.
  public struct Errors: Sendable {
    public let code: JSONPath
    /// Where else a failure may name itself; looked at only in what has failed.
    public let otherCodes: [JSONPath]
    public let description: JSONPath?
    /// A flag that is false in a reply that failed.
    public let success: JSONPath?
    /// By the provider's code, or by HTTP status in three digits.
    public let classes: [String: ErrorClass]
  }

  public enum ErrorClass: String, Sendable {
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
