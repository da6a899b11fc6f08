public import CustodyEvidence
public import CustodyValues

/// What is odd about a refresh token, as far as it tells by itself. Nothing in it is of the token's text.
public struct TokenFinding: Hashable, Sendable {
  public enum Severity: String, Sendable { case error, warning }

  public enum Code: String, CaseIterable, Sendable {
    /// A space or a line end before or behind it.
    case surroundings
    case quotes, url
    /// The provider's reply, or a part of it with the field's name.
    case reply
    case characters
    case accessToken = "access_token"
    case otherConnector = "other_connector"
    case expired
    case endsSoon = "ends_soon"
    case notYetValid = "not_yet_valid"
    /// Not what this provider's refresh tokens look like.
    case unlike
    case dataCentre = "data_centre"
  }

  public let severity: Severity
  public let code: Code
  /// What is wrong, in lower case and without a full stop.
  public let words: String
  public let remedy: Hint

  init(_ severity: Severity, _ code: Code, _ words: String, _ remedy: Hint) {
    (self.severity, self.code, self.words, self.remedy) = (severity, code, words, remedy)
  }
}

/// All that a look at a refresh token brought.
public struct TokenExamination: Equatable, Sendable {
  public internal(set) var findings: [TokenFinding] = []
  /// When it ends, where it says so itself.
  public internal(set) var expires: Timestamp?

  public var errors: [TokenFinding] { findings.filter { $0.severity == .error } }
  public var warnings: [TokenFinding] { findings.filter { $0.severity == .warning } }
}
