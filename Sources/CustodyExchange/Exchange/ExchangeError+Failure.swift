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
  /// The code that the vault's stands for; nil where that is of no exchange.
  package init?(_ code: VaultError.Code) {
    guard let known = Self.all.first(where: { VaultError.Code($0) == code }) else { return nil }
    self = known
  }
}

/// A failure in the words of the vault: for the journal, and for who asked.
extension ExchangeError {
  var failure: ExchangeJournal.Failure {
    ExchangeJournal.Failure(code: VaultError.Code(code), reason: reason + http + (said.map { "; \($0)" } ?? ""))
  }

  /// For an error that people keep: a refresh token that was rescued is not theirs.
  var withoutToken: ExchangeError {
    var error = self
    error.rescued = nil
    return error
  }

  /// The reply's status, to be put behind the reason.
  var http: String { status.map { " (HTTP \($0))" } ?? "" }

  /// The provider's words, told as its own.
  var said: String? {
    let words = [providerCode, providerText].compactMap { $0 }.joined(separator: ": ")
    return words.isEmpty ? nil : "the provider said: \(PrintableText.quote(words))"
  }

  /// What to do, and when.
  var remedy: Hint { Self.remedy(hint, waiting: retryAfter) }

  fileprivate static func remedy(_ hint: Hint, waiting seconds: Int?) -> Hint {
    seconds.map { hint + "; the provider says to wait \($0) s" } ?? hint
  }
}

extension ExchangeJournal.Failure {
  /// A holder with a patched client can write anything there: it is told as the journal's.
  var told: String { "its journal says: \(PrintableText.quote(reason))" }
}

extension VaultError {
  init(_ error: ExchangeError, of token: String, _ more: String = "") {
    let failure = error.failure
    self.init(
      failure.code, "cannot exchange \"\(token)\": \(failure.reason)\(more)", subject: token, hint: error.remedy)
    underlying = error.withoutToken
  }

  /// A connector's URL that is none to be asked.
  init(endpoint error: ExchangeError, of name: String) {
    self.init(Code(error.code), error.reason, subject: name, hint: error.hint)
    underlying = error.withoutToken
  }

  /// Another process's failure. What to do is not read from the journal: every holder could write a command there for the others to type.
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
