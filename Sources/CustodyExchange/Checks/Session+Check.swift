public import Custody
internal import CustodyLog
internal import CustodyValues

/// What a look at a stored token brought.
public struct TokenReport: Sendable {
  public enum Verdict: String, Sendable {
    case fine
    /// It has ended, or was refused.
    case dead
    /// It is no refresh token, or not this connector's.
    case wrong
  }

  public let name: String
  public let examination: TokenExamination
  /// The soonest first.
  public let deadlines: [Deadline]
  /// What an exchange now would do to it, where it might be replaced.
  public let rotation: String?
  public let verdict: Verdict
}

extension Session {
  /// Looks at a refresh token in this process, on record, and asks nobody: it works without a network.
  public func check(_ token: String) throws(VaultError) -> TokenReport {
    // Who may not is refused on record, before anything else is read.
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
  /// What becomes of a token that is exchanged now; nothing where it stays.
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
