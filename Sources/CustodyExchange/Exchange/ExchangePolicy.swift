internal import CustodyEvidence
internal import Custody
internal import CustodyValues

/// When a kept token will do, and when asking could end a token: the preset's facts, applied.
struct ExchangePolicy: ExchangeRules {
  /// After so many requests whose outcome nobody knows, one more is no accident any more.
  private static let mostAttempts = 4

  let options: ExchangeOptions
  /// Number of the exchange by another process that this one waited for.
  var awaited: UInt64?
  let now: @Sendable () -> Timestamp

  var asksAgain: Bool { options.asksAgain }

  func accepts(_ kept: KeptAccessToken.Facts, of subject: ExchangeSubject) throws(VaultError) -> Bool {
    // Who waited takes what was brought meanwhile, however short its life: another request would bring no better.
    if let awaited, kept.fence >= awaited { return true }
    guard !options.isFresh, let expires = kept.expires, hasBeen(kept.obtained) else { return false }
    let left = Duration.milliseconds(expires.milliseconds - now().milliseconds)
    let life = Duration.milliseconds(expires.milliseconds - kept.obtained.milliseconds)
    if left >= max(options.minLife ?? ExchangeOptions.usualMinLife(of: life), ExchangeOptions.skew) { return true }
    guard let earliest = try Preset.forConnector(subject.connector).lifetimes.earliestRefreshSeconds else {
      return false
    }
    // This provider takes it amiss to be asked while the old one is good.
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
    // Who waited shares what came of it: all of them asking one by one would be worse than each alone.
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

  /// A token that was brought back over a newer one: its provider may have rotated it meanwhile.
  private func checkBroughtBack(
    _ time: Timestamp, _ preset: Preset, _ subject: ExchangeSubject
  ) throws(VaultError) {
    guard mayEnd(preset, subject) else { return }
    throw VaultError(
      .outcomeUnknown,
      "cannot exchange \"\(subject.token.name)\": it was brought back at \(time.text) over a newer one; \(Self.fate(preset))",
      subject: subject.token.name, hint: Self.remedy(subject.token.name))
  }

  /// Whether a request whose reply was lost can be made once more without harm.
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

  /// Whether an exchange now could bring a new refresh token.
  func mayRotate(_ preset: Preset, _ subject: ExchangeSubject) -> Bool {
    switch preset.rotation {
    case .never: return false
    case .always, .optional: return true
    // Until an exchange has shown it, nobody knows.
    case .unknown: return subject.rotates ?? true
    case .late:
      guard let ends = subject.ends, let life = preset.lifetimes.refreshDays, let opens = preset.lifetimes.renewFromDays
      else { return true }
      // A day before the window opens, for clocks and for how the provider counts.
      return now() >= ends.adding(days: opens - life - 1)
    }
  }

  /// Whether an exchange now could leave the token that is sent worthless: only then is one in doubt whose end nobody knows.
  func mayEnd(_ preset: Preset, _ subject: ExchangeSubject) -> Bool {
    mayRotate(preset, subject) && preset.oldToken != .valid
  }

  static func outcomeUnknown(_ journal: ExchangeJournal, _ preset: Preset, _ name: String) -> VaultError {
    let why = doubt(journal)
    return VaultError(
      .outcomeUnknown,
      "cannot exchange \"\(name)\": nobody knows how the request of \(journal.sent.text) ended (\(why)); \(fate(preset))",
      subject: name, hint: remedy(name))
  }

  /// What may have become of a token after a newer one was given out.
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
  /// A time that lies ahead was written before the clock went back: nothing can be reckoned from it.
  private func hasBeen(_ time: Timestamp?) -> Bool {
    time.map { now() >= $0.adding(.zero - ExchangeOptions.skew) } ?? true
  }

  /// Of that process's certificates, proxy, library or memory: whoever else asks may have better ones.
  private static func isOwn(_ failure: ExchangeJournal.Failure) -> Bool {
    [.tlsFailed, .proxyRefused, .libcurlMissing, .outOfMemory].contains(failure.code)
  }

  private static let answers: Set<VaultError.Code> = [
    .wrongClient, .requestRefused, .throttled, .redirected, .unreachable, .proxyRefused,
    .tlsFailed,
  ]

  /// Why nobody knows. The failure may be that of a later request, which ended without a doubt.
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
