internal import Custody
internal import CustodyValues

/// Carries out one claim: a request, its retries where they are harmless, and the journal of how it ended.
struct ExchangeRun {
  private static let mostRequests = 3
  /// The longest wait before a retry. If the provider wants more time, the caller is told instead of kept waiting.
  private static let longestWait: Duration = .seconds(5)

  let policy: ExchangePolicy
  let pulse: Pulse
  private let start = ContinuousClock.now

  init(policy: ExchangePolicy, pulse: Pulse) { (self.policy, self.pulse) = (policy, pulse) }

  /// The outcome of a claim.
  enum End: ~Copyable {
    case answered(ExchangeReply)
    case failed(ExchangeError, ExchangeJournal)
    /// Another process may have taken over, so this one sends nothing more.
    case overtaken(ExchangeJournal)
  }

  func ask(_ materials: borrowing ExchangeMaterials, _ claim: borrowing ExchangeClaim) throws(VaultError) -> End {
    var request = try ExchangeRequest(materials.subject)
    request.caFile = policy.options.caFile
    var journal = claim.journal
    var requests = 0
    while true {
      requests += 1
      request.timeLimit = timeLeft
      do {
        return .answered(
          try request.exchange(
            connectorSecret: materials.connectorSecret, refreshToken: materials.refreshToken,
            over: CurlTransport(pulse: pulse)))
      } catch {
        if pulse.isBroken, !error.mayHaveArrived { return .overtaken(unsent(journal)) }
        let wait = Self.wait(before: requests + 1, error.retryAfter)
        guard requests < Self.mostRequests, wait < min(timeLeft, Self.longestWait),
          canRetry(error, request.preset, journal, materials.subject)
        else {
          return .failed(error, ended(journal, error, policy.mayRotate(request.preset, materials.subject)))
        }
        if error.isDoubtful { journal.attempts += 1 }
        pulse.sleep(wait)
      }
    }
  }

  private var timeLeft: Duration { max(.zero, policy.options.timeLimit - (ContinuousClock.now - start)) }

  /// True if the error may pass by itself. A request that may have reached the provider is repeated only where the old
  /// token survives that.
  private func canRetry(
    _ error: ExchangeError, _ preset: Preset, _ journal: ExchangeJournal, _ subject: ExchangeSubject
  ) -> Bool {
    // The old token is dead; the new one must be stored, and not asked for again.
    guard error.rescued == nil else { return false }
    return switch error.code {
    case .unreachable, .throttled: true
    // A provider that said no and acted all the same has been met, so retries are left to the next command.
    case .providerFailed, .timedOut, .replyLost:
      !error.mayHaveArrived || policy.canAskAgain(preset, journal, of: subject)
    default: false
    }
  }

  /// Exponential backoff with jitter of up to the same again, so that callers who failed together don't return
  /// together.
  private static func wait(before request: Int, _ retryAfter: Int?) -> Duration {
    let base = 200 << request
    return max(.seconds(retryAfter ?? 0), .milliseconds(base + Int.random(in: 0...base)))
  }

  /// The journal without the last request, which was not sent; earlier ones count as before.
  private func unsent(_ claimed: ExchangeJournal) -> ExchangeJournal {
    var journal = claimed
    journal.attempts -= 1
    (journal.state, journal.ended) = (journal.attempts > 0 ? .unknown : .failed, policy.now())
    return journal
  }

  /// The journal after the last request failed with `error`.
  private func ended(_ sent: ExchangeJournal, _ error: ExchangeError, _ mayRotate: Bool) -> ExchangeJournal {
    var journal = sent
    journal.ended = policy.now()
    journal.failure = error.failure
    // An answer to this request, or proof that it reached nobody, says nothing about the requests before it.
    if !error.isDoubtful { journal.attempts -= 1 }
    if error.code == .refusedByProvider {
      journal.state = .refused
    } else {
      journal.state = journal.attempts > 0 && mayRotate ? .unknown : .failed
    }
    if let seconds = error.retryAfter { journal.notBefore = policy.now().adding(milliseconds: Int64(seconds) * 1000) }
    return journal
  }
}

extension ExchangeError {
  /// True if the provider may have rotated the token in spite of the error.
  var isDoubtful: Bool { mayHaveArrived && !code.isAnswer && !isNo && !hasNoRotation && rescued == nil }
}
