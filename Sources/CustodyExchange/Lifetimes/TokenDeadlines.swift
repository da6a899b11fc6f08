internal import CustodyEvidence
internal import Custody
internal import CustodyLog
internal import CustodyValues

/// Computes the deadlines of one token.
struct TokenDeadlines {
  private let life: TokenLife
  private let preset: Preset?
  private let roll: HolderRoll
  /// The end that the current value itself names, if it has just been examined.
  private let expires: Timestamp?

  init(_ life: TokenLife, of preset: Preset?, _ roll: HolderRoll, expires: Timestamp? = nil) {
    (self.life, self.preset, self.roll, self.expires) = (life, preset, roll, expires)
  }

  var all: [Deadline] {
    if let refused { return [refused] }
    // A deadline before the last successful use was not one: the provider accepted the token later.
    let dated = [idle, age, family].compactMap { $0 }.filter { deadline in
      life.used.map { $0 < deadline.when } ?? true
    }
    return [lost].compactMap { $0 } + dated
  }

  private var lifetimes: Preset.Lifetimes? { preset?.lifetimes }

  private var refused: Deadline? {
    guard let last = life.last, last.outcome == .refused else { return nil }
    let why = last.reason.map { "its journal says: \(PrintableText.quote($0))" } ?? "it did not say why"
    return deadline(.refused, last.time, "the provider refused it; \(why)", .admin)
  }

  /// The deadline of a token whose last answer was lost, where one more request could end the whole grant.
  private var lost: Deadline? {
    guard let last = life.last, last.outcome == .unknown, let preset, mayHaveRotated(last, preset) else { return nil }
    switch preset.oldToken {
    case .valid: return nil
    case .grace:
      guard let grace = preset.oldTokenGraceSeconds, roll.now < last.time.adding(.seconds(grace)) else { break }
      return nil
    case .dead, .unknown: break
    }
    let told = last.reason.map { "; its journal says: \(PrintableText.quote($0))" } ?? ""
    let why = "the answer to its last exchange was lost, and with it perhaps the next token\(told)"
    return deadline(.lost, last.time, why, .admin)
  }

  private func mayHaveRotated(_ last: LastExchange, _ preset: Preset) -> Bool {
    switch preset.rotation {
    case .never: false
    case .always, .optional: true
    case .unknown: life.hasRotated ?? true
    // The rule that an exchange follows: from a day before the window on.
    case .late: age?.from.map { last.time >= $0.adding(days: -1) } ?? true
    }
  }

  private var idle: Deadline? {
    guard let days = lifetimes?.idleDays else { return nil }
    let since = life.used.map { max($0, life.made) } ?? life.made
    let what = since == life.made && life.used != since ? "it was stored" : "its last exchange"
    return deadline(.idle, since.adding(days: days), "\(days) days after \(what) (\(since.day)) without use", .holder)
  }

  private var age: Deadline? {
    let known = known
    guard let (end, why) = known ?? documented else { return nil }
    // A token may outlive a documented age, so an exchange may still work; it does not outlive its own end.
    if known != nil, end <= roll.now { return deadline(.age, end, why, .admin) }
    if preset?.rotation == .late, let opening = opening(before: end) {
      let why = "\(why); from \(opening.day) on an exchange brings the next one, and without one it dies in silence"
      return deadline(.window, end, why, .holder, from: opening)
    }
    return deadline(.age, end, why, isRenewedByExchange ? .holder : .admin)
  }

  /// The end of the current value as the last reply, the token itself or the person who stored it named it.
  private var known: (Timestamp, String)? {
    if let end = life.last?.refreshExpires { return (end, "the provider said so in its last reply") }
    let stored = life.made == life.given ? life.listing.expires : nil
    guard let end = expires ?? stored else { return nil }
    return (end, expires == nil ? "so it was said when it was stored" : "the token says so itself")
  }

  private var documented: (Timestamp, String)? {
    guard let days = lifetimes?.refreshDays else { return nil }
    return (life.made.adding(days: days), "\(days) days after it was made (\(life.made.day))")
  }

  private func opening(before end: Timestamp) -> Timestamp? {
    guard let opens = lifetimes?.renewFromDays else { return nil }
    guard let days = lifetimes?.refreshDays, days >= opens else { return life.made.adding(days: opens) }
    return end.adding(days: opens - days)
  }

  private var isRenewedByExchange: Bool {
    switch preset?.rotation {
    case .always: true
    // The provider's admin chose so, if an exchange ever brought one.
    case .optional, .unknown: life.hasRotated == true
    // The preset does not say from when on.
    case .late: life.hasRotated == true
    case .never, nil: false
    }
  }

  private var family: Deadline? {
    guard let days = lifetimes?.familyDays else { return nil }
    return deadline(
      .family, life.given.adding(days: days), "\(days) days after its grant began (\(life.given.day)), rotated or not",
      .admin)
  }

  private func deadline(
    _ end: Deadline.End, _ when: Timestamp, _ why: String, _ move: Deadline.Move, from: Timestamp? = nil
  ) -> Deadline {
    let listing = life.listing
    let name = listing.details.name
    return Deadline(
      item: listing.id, kind: .token, name: name, end: end, from: from, when: when, why: why,
      move: move, who: roll.holders(of: listing, onlyAdmins: move == .admin),
      step: move == .holder ? .keepAlive(token: name) : .rotate(.token, name))
  }
}

extension Timestamp {
  func adding(days: Int64) -> Timestamp {
    let (milliseconds, overflow) = days.multipliedReportingOverflow(by: 86_400_000)
    return adding(milliseconds: overflow ? (days > 0 ? .max : .min) : milliseconds)
  }

  /// The date alone, in UTC, as `2027-11-01`.
  var day: String { String(text.prefix(10)) }
}
