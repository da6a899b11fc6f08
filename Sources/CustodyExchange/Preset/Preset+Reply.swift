package import CustodyJSON

extension Preset {
  /// The fields of a reply.
  package struct Reply: Sendable {
    package enum Format: String, Sendable { case json, form }

    package let format: Format
    package let accessToken: JSONPath
    package let refreshToken: JSONPath?
    package let tokenType: JSONPath?
    package let expiry: Expiry?
    /// True if a JWT's `exp` replaces a missing expiry field, unless `lifetimes.access_seconds` ends sooner.
    package let expiryFromJWT: Bool
    /// The field with the refresh token's end.
    package let refreshExpiry: Expiry?
    package let scope: JSONPath?
    package let scopeSeparator: String
    package let apiBase: JSONPath?
    package let apiHosts: [HostPattern]
  }

  /// A field that states when a token ends.
  package struct Expiry: Sendable {
    /// The unit of the field's number.
    package enum Unit: String, Sendable { case seconds, milliseconds }
    /// The meaning of the number: time from now on, or time since 1970.
    package enum Kind: String, Sendable { case relative, absolute }

    package let field: JSONPath
    package let unit: Unit
    package let kind: Kind
  }

  /// The signs of a failure in a reply, whatever its HTTP status.
  package struct Errors: Sendable {
    /// The field with the error code. If it names one, the reply is a failure.
    package let code: JSONPath
    /// Other fields with error codes, read only if the reply is known to be a failure.
    package let otherCodes: [JSONPath]
    package let description: JSONPath?
    /// A field that is false in a failure.
    package let success: JSONPath?
    /// Classes of failures by the provider's code, or by HTTP status in three digits.
    package let classes: [String: ErrorClass]
  }

  /// The kind of a failure.
  package enum ErrorClass: String, Sendable {
    /// The refresh token is dead: expired or revoked.
    case refused
    /// The connector's ID or secret is wrong or has expired.
    case client
    /// The request asks for something that the connector may not have.
    case request
    /// The provider received too many requests.
    case throttled
    /// The provider failed, or asks to be tried again later.
    case provider
  }
}
