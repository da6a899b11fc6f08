internal import Custody
internal import CustodyValues

/// A failure in the words of the vault: for the journal, and for who asked.
extension ExchangeError {
  var failure: ExchangeJournal.Failure {
    let name = code == .noMemory ? VaultError.Code.outOfMemory.name : code.description
    return ExchangeJournal.Failure(code: name, reason: reason + http + (said.map { "; \($0)" } ?? ""))
  }

  /// The reply's status, to be put behind the reason.
  var http: String { status.map { " (HTTP \($0))" } ?? "" }

  /// The provider's words, told as its own.
  var said: String? {
    let words = [providerCode, providerText].compactMap { $0 }.joined(separator: ": ")
    return words.isEmpty ? nil : "the provider said: \(PrintableText.quote(words))"
  }

  /// What to do, and when.
  var remedy: String { Self.remedy(hint, waiting: retryAfter) }

  fileprivate static func remedy(_ hint: String, waiting seconds: Int?) -> String {
    hint + (seconds.map { "; the provider says to wait \($0) s" } ?? "")
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
      Code(named: failure.code), "cannot exchange \"\(token)\": \(failure.reason)\(more)", subject: token,
      hint: error.remedy)
  }

  /// Another process's failure. What to do is not read from the journal: every holder could write a command there for the others to type.
  init(_ failure: ExchangeJournal.Failure, in journal: ExchangeJournal, of token: String) {
    var wait: Int?
    if let begun = journal.ended, let end = journal.notBefore {
      wait = Int(end.milliseconds - begun.milliseconds) / 1000
    }
    let code = failure.code == Code.outOfMemory.name ? .noMemory : ExchangeError.Code(failure.code)
    self.init(
      Code(named: failure.code), "cannot exchange \"\(token)\": another exchange failed; \(failure.told)",
      subject: token,
      hint: code.map { ExchangeError.remedy($0.hint, waiting: wait) })
  }
}
