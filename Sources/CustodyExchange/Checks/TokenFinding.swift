public import CustodyEvidence
public import CustodyValues

/// An oddity of a refresh token that shows in its text alone. A finding quotes nothing of the token.
public struct TokenFinding: Hashable, Sendable {
  /// The weight of a finding.
  public enum Severity: String, Sendable {
    /// The token is unusable.
    case error
    /// The oddity may be harmless.
    case warning
  }

  /// The kind of a finding; its raw value is what `--json` prints.
  public enum Code: String, CaseIterable, Sendable {
    /// The token has a space or a line end before or behind it.
    case surroundings
    /// The token is in quotation marks.
    case quotes
    /// It is a URL.
    case url
    /// It is the provider's whole reply, or a line of one with the field's name.
    case reply
    /// It has a character that no token has.
    case characters
    /// It is an access token.
    case accessToken = "access_token"
    /// It was made for another connector.
    case otherConnector = "other_connector"
    /// Its own end (`exp`) has passed.
    case expired
    /// It ends within 30 days.
    case endsSoon = "ends_soon"
    /// Its `nbf` lies ahead.
    case notYetValid = "not_yet_valid"
    /// It does not look like this provider's refresh tokens.
    case unlike
    /// Its data centre is assumed, or differs from the connector's.
    case dataCentre = "data_centre"
  }

  /// The finding's weight.
  public let severity: Severity
  /// The finding's kind.
  public let code: Code
  /// The finding as text, in lower case and without a full stop.
  public let words: String
  /// The remedy, as text like `words`.
  public let remedy: Hint

  init(_ severity: Severity, _ code: Code, _ words: String, _ remedy: Hint) {
    (self.severity, self.code, self.words, self.remedy) = (severity, code, words, remedy)
  }
}

/// All findings on a refresh token's text.
public struct TokenExamination: Equatable, Sendable {
  /// The findings, errors and warnings.
  public internal(set) var findings: [TokenFinding] = []
  /// End of the token's life, if the token names one (a JWT's `exp`).
  public internal(set) var expires: Timestamp?

  /// The findings that make the token unusable.
  public var errors: [TokenFinding] { findings.filter { $0.severity == .error } }
  /// The findings that may be harmless.
  public var warnings: [TokenFinding] { findings.filter { $0.severity == .warning } }
}
