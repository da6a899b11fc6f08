internal import CustodyEvidence
package import Custody
internal import CustodyValues

extension VaultError.Code {
  /// The vault's code for a failed exchange.
  package init(_ code: ExchangeError.Code) {
    self =
      switch code.name {
      case .refusedByProvider: .refusedByProvider
      case .wrongClient: .wrongClient
      case .requestRefused: .requestRefused
      case .throttled: .throttled
      case .providerFailed: .providerFailed
      case .timedOut: .timedOut
      case .unreachable: .unreachable
      case .proxyRefused: .proxyRefused
      case .replyLost: .replyLost
      case .tlsFailed: .tlsFailed
      case .redirected: .redirected
      case .replyTooLarge: .replyTooLarge
      case .replyNotJSON: .replyNotJSON
      case .replyIncomplete: .replyIncomplete
      case .replyMalformed: .replyMalformed
      case .badEndpoint: .badEndpoint
      case .badPreset: .badPreset
      case .unsendable: .unsendable
      case .libcurlMissing: .libcurlMissing
      case .noMemory: .outOfMemory
      }
  }
}

extension ExchangeError.Code {
  /// The exchange's code for one of the vault's; nil if no exchange fails with that.
  package init?(_ code: VaultError.Code) {
    guard let known = Self.all.first(where: { VaultError.Code($0) == code }) else { return nil }
    self = known
  }
}

/// An exchange's failure as the vault words it: for the journal, and for the caller.
extension ExchangeError {
  var failure: ExchangeJournal.Failure {
    ExchangeJournal.Failure(code: VaultError.Code(code), reason: reason + http + (said.map { "; \($0)" } ?? ""))
  }

  /// The error without a rescued refresh token, for errors that callers may keep.
  var withoutToken: ExchangeError {
    var error = self
    error.rescued = nil
    return error
  }

  /// The reply's HTTP status in parentheses, to be appended to the reason; empty if there was no reply.
  var http: String { status.map { " (HTTP \($0))" } ?? "" }

  /// The provider's own words, attributed to it; nil if it said nothing.
  var said: String? {
    let words = [providerCode, providerText].compactMap { $0 }.joined(separator: ": ")
    return words.isEmpty ? nil : "the provider said: \(PrintableText.quote(words))"
  }

  /// The next thing to do, with the provider's waiting time if it named one.
  var remedy: Hint { Self.remedy(hint, waiting: retryAfter) }

  fileprivate static func remedy(_ hint: Hint, waiting seconds: Int?) -> Hint {
    seconds.map { hint + "; the provider says to wait \($0) s" } ?? hint
  }
}

extension ExchangeJournal.Failure {
  /// The reason, attributed to the journal: any member with a modified client can write anything there.
  var told: String { "its journal says: \(PrintableText.quote(reason))" }
}

extension VaultError {
  /// An exchange's failure, with `more` appended to the reason.
  init(_ error: ExchangeError, of token: String, _ more: String = "") {
    let failure = error.failure
    self.init(
      failure.code, "cannot exchange \"\(token)\": \(failure.reason)\(more)", subject: token, hint: error.remedy)
    underlying = error.withoutToken
  }

  /// The failure of a connector's URL that secrets must not be sent to.
  init(endpoint error: ExchangeError, of name: String) {
    self.init(Code(error.code), error.reason, subject: name, hint: error.hint)
    underlying = error.withoutToken
  }

  /// A failure that another process wrote into the journal. The hint comes from the code and never from the journal: a
  /// member could write a command there for others to type.
  init(_ failure: ExchangeJournal.Failure, in journal: ExchangeJournal, of token: String) {
    var wait: Int?
    if let begun = journal.ended, let end = journal.notBefore {
      wait = Int(end.milliseconds - begun.milliseconds) / 1000
    }
    let code = ExchangeError.Code(failure.code)
    self.init(
      failure.code, "cannot exchange \"\(token)\": another exchange failed; \(failure.told)",
      subject: token,
      hint: code.map { ExchangeError.remedy($0.hint, waiting: wait) })
  }
}
