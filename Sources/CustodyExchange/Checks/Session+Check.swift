public import Custody
internal import CustodyLog
internal import CustodyValues

/// The result of checking a stored refresh token.
public struct TokenReport: Sendable {
  /// The check's conclusion.
  public enum Verdict: String, Sendable {
    /// Nothing speaks against the token.
    case fine
    /// The token has ended, or the provider refused it.
    case dead
    /// It is not a refresh token, or not one of this connector.
    case wrong
  }

  /// The token's name, as `contoso/crm-sync`.
  public let name: String
  /// The findings on the token's text.
  public let examination: TokenExamination
  /// Ways in which the token ends, the soonest first.
  public let deadlines: [Deadline]
  /// The effect that an exchange now would have on the token, as text; nil if the token would stay.
  public let rotation: String?
  /// The conclusion.
  public let verdict: Verdict
}

extension Session {
  /// Checks a stored refresh token on this machine, without contacting the provider. The check is logged.
  ///
  /// - Parameter token: the token's name, as `contoso/crm-sync`.
  /// - Returns: the findings, the deadlines and a verdict.
  /// - Throws: `notFound`, `notShared` or `expired` if this member may not open the token.
  public func check(_ token: String) throws(VaultError) -> TokenReport {
    // The member's right is checked, and a refusal logged, before anything else is read.
    let value = try inspect(token)
    let life = try tokenLife(token)
    let now = clock()
    let details = life.listing.details
    let preset = Preset.forToken(details, life.connector?.details)
    let examination = try TokenInspection(details, of: life.connector?.details, now: now).examine(value)
    let roll = try HolderRoll(members(), now: now)
    let found = TokenDeadlines(life, of: preset, roll, expires: examination.expires).all
    let deadlines = found.sorted { $0.opens < $1.opens }
    return TokenReport(
      name: token, examination: examination, deadlines: deadlines,
      rotation: preset?.rotation(life, deadlines, at: now),
      verdict: TokenReport.verdict(examination, deadlines, now))
  }
}

extension TokenReport {
  fileprivate static func verdict(
    _ examination: TokenExamination, _ deadlines: [Deadline], _ now: Timestamp
  ) -> Verdict {
    if examination.errors.contains(where: { $0.code != .expired }) { return .wrong }
    return !examination.errors.isEmpty || deadlines.contains { $0.isDead(at: now) } ? .dead : .fine
  }
}

extension Preset {
  /// The effect of an exchange now, as text; nil if the token stays.
  fileprivate func rotation(_ life: TokenLife, _ deadlines: [Deadline], at now: Timestamp) -> String? {
    let comes: String
    switch rotation {
    case .never: return nil
    case .always: comes = "\(title) gives a new refresh token with each exchange"
    case .optional: comes = "\(title) may give a new refresh token, as its admin chose"
    case .unknown:
      switch life.hasRotated {
      case false?: return nil
      case true?: comes = "\(title) has given a new refresh token before"
      case nil: comes = "\(title) may give a new refresh token: nobody said, and no exchange has shown it yet"
      }
    case .late:
      if let window = deadlines.first(where: { $0.end == .window }), now < window.opens { return nil }
      comes = "\(title) gives a new refresh token now"
    }
    return "\(comes); \(fate)"
  }

  private var fate: String {
    switch oldToken {
    case .valid: "the old one stays good"
    case .dead: "the old one is dead then"
    case .grace: "the old one is dead \(oldTokenGraceSeconds.map { "\($0) s later" } ?? "soon after")"
    case .unknown: "whether the old one stays good is not documented"
    }
  }
}
