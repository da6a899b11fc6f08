internal import CustodyEvidence
internal import Custody
internal import CustodyValues

/// Decides when a kept access token will do and when asking the provider could end a refresh token, by the preset's
/// facts.
struct ExchangePolicy: ExchangeRules {
  /// Limit of requests of unknown outcome within a grace period: by then the losses are no accident.
  private static let mostAttempts = 4

  let options: ExchangeOptions
  /// Number of another process's exchange that this one waited for.
  var awaited: UInt64?
  let now: @Sendable () -> Timestamp

  var asksAgain: Bool { options.asksAgain }

  func accepts(_ kept: KeptAccessToken.Facts, of subject: ExchangeSubject) throws(VaultError) -> Bool {
    // A kept token from the exchange that was waited for is taken, however short its life: another request would
    // bring none better.
    if let awaited, kept.fence >= awaited { return true }
    guard !options.isFresh, let expires = kept.expires, hasBeen(kept.obtained) else { return false }
    let left = Duration.milliseconds(expires.milliseconds - now().milliseconds)
    let life = Duration.milliseconds(expires.milliseconds - kept.obtained.milliseconds)
    if left >= max(options.minLife ?? ExchangeOptions.usualMinLife(of: life), ExchangeOptions.skew) { return true }
    guard let earliest = try Preset.forConnector(subject.connector).lifetimes.earliestRefreshSeconds else {
      return false
    }
    // This provider objects to a new request while the old access token is good.
    return left > max(.seconds(earliest), ExchangeOptions.skew)
  }

  func check(_ before: ExchangeJournal?, of subject: ExchangeSubject) throws(VaultError) {
    let name = subject.token.name
    let request = try ExchangeRequest(subject)
    do { _ = try request.resolvedEndpoint() } catch { throw VaultError(error, of: name) }
    if let time = subject.broughtBack, before?.revision != subject.revision, !asksAgain {
      try checkBroughtBack(time, request.preset, subject)
    }
    guard let before else { return }
    // A failure of the exchange that was waited for is shared: if each waiting process asked too, the provider would
    // get many requests for one.
    if let awaited, before.fence >= awaited, let failure = before.failure, !Self.isOwn(failure) {
      guard before.state == .unknown, !canAskAgain(request.preset, before, of: subject) else {
        throw VaultError(failure, in: before, of: name)
      }
      throw Self.outcomeUnknown(before, request.preset, name)
    }
    guard !asksAgain else { return }
    if let wait = before.notBefore, now() < wait, let failure = before.failure, hasBeen(before.ended) {
      throw VaultError(failure, in: before, of: name)
    }
    guard before.revision == subject.revision else { return }
    switch before.state {
    case .done, .failed: return
    case .refused:
      guard let failure = before.failure else { return }
      throw VaultError(
        .refusedByProvider,
        "cannot exchange \"\(name)\": the provider refused it at \(before.ended?.text ?? "an earlier time"); \(failure.told)",
        subject: name,
        hint:
          "an admin generates a new one and types \(step: .rotate(.token, name)); \(step: .use(.askAgain)) asks all the same"
      )
    case .sent, .unknown:
      guard !canAskAgain(request.preset, before, of: subject) else { return }
      throw Self.outcomeUnknown(before, request.preset, name)
    }
  }

  /// Refuses a token that was restored over a newer one, unless asked again: the provider may have rotated it
  /// meanwhile.
  private func checkBroughtBack(
    _ time: Timestamp, _ preset: Preset, _ subject: ExchangeSubject
  ) throws(VaultError) {
    guard mayEnd(preset, subject) else { return }
    throw VaultError(
      .outcomeUnknown,
      "cannot exchange \"\(subject.token.name)\": it was brought back at \(time.text) over a newer one; \(Self.fate(preset))",
      subject: subject.token.name, hint: Self.remedy(subject.token.name))
  }

  /// True if a request whose reply was lost can be repeated without harm.
  func canAskAgain(_ preset: Preset, _ journal: ExchangeJournal, of subject: ExchangeSubject) -> Bool {
    let (first, attempts) = (journal.sent, journal.attempts)
    guard mayRotate(preset, subject) else { return true }
    switch preset.oldToken {
    case .valid: return true
    case .grace:
      guard let grace = preset.oldTokenGraceSeconds, attempts < Self.mostAttempts else { return false }
      return now() < first.adding(.seconds(grace)).adding(.zero - ExchangeOptions.skew) && hasBeen(first)
    case .dead, .unknown: return false
    }
  }

  /// True if an exchange now could bring a new refresh token.
  func mayRotate(_ preset: Preset, _ subject: ExchangeSubject) -> Bool {
    switch preset.rotation {
    case .never: return false
    case .always, .optional: return true
    // Nobody knows until an exchange has shown it.
    case .unknown: return subject.rotates ?? true
    case .late:
      guard let ends = subject.ends, let life = preset.lifetimes.refreshDays, let opens = preset.lifetimes.renewFromDays
      else { return true }
      // From a day before the window opens: clocks differ, and so do ways of counting days.
      return now() >= ends.adding(days: opens - life - 1)
    }
  }

  /// True if an exchange now could make the token that is sent worthless. Only then does an unknown outcome leave it in
  /// doubt.
  func mayEnd(_ preset: Preset, _ subject: ExchangeSubject) -> Bool {
    mayRotate(preset, subject) && preset.oldToken != .valid
  }

  /// The error for a token whose last request has an unknown outcome.
  static func outcomeUnknown(_ journal: ExchangeJournal, _ preset: Preset, _ name: String) -> VaultError {
    let why = doubt(journal)
    return VaultError(
      .outcomeUnknown,
      "cannot exchange \"\(name)\": nobody knows how the request of \(journal.sent.text) ended (\(why)); \(fate(preset))",
      subject: name, hint: remedy(name))
  }

  /// Text on the fate of a token after its provider gave out a newer one.
  private static func fate(_ preset: Preset) -> String {
    preset.oldToken == .unknown
      ? "whether the old one still works is not documented for \(preset.id)"
      : "\(preset.id) may have made the one in the vault worthless, and may end the whole grant if it is shown again"
  }

  private static func remedy(_ name: String) -> Hint {
    "an admin generates a new one and types \(step: .rotate(.token, name)); or take the risk with \(step: .use(.askAgain))"
  }
}

extension ExchangePolicy {
  /// True if the time does not lie ahead. One that does was written before the clock was set back, and nothing can be
  /// reckoned from it.
  private func hasBeen(_ time: Timestamp?) -> Bool {
    time.map { now() >= $0.adding(.zero - ExchangeOptions.skew) } ?? true
  }

  /// True if a failure was due to that process's certificates, proxy, library or memory: another process may have
  /// better ones.
  private static func isOwn(_ failure: ExchangeJournal.Failure) -> Bool {
    [.tlsFailed, .proxyRefused, .libcurlMissing, .outOfMemory].contains(failure.code)
  }

  /// Codes of failures that prove that this request brought no new token.
  private static let answers: Set<VaultError.Code> = [
    .wrongClient, .requestRefused, .throttled, .redirected, .unreachable, .proxyRefused,
    .tlsFailed,
  ]

  /// The reason for the unknown outcome, as text. The failure in the journal may be of a later request, whose own
  /// outcome was clear.
  private static func doubt(_ journal: ExchangeJournal) -> String {
    let lost = "the process that asked was stopped before it had the answer"
    guard let failure = journal.failure else { return lost }
    return answers.contains(failure.code)
      ? "its answer was lost, and another failed since; \(failure.told)" : failure.told
  }
}

extension Timestamp {
  func adding(_ duration: Duration) -> Timestamp { adding(milliseconds: duration.components.seconds * 1000) }
}
