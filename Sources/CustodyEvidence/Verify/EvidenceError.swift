internal import CustodyCrypto
package import CustodyLog
internal import CustodyValues

/// The reason why evidence was not verified or not written.
public struct EvidenceError: Error, Sendable {
  /// The kind of failure.
  public enum Verdict: Sendable {
    /// The evidence does not hold: something was changed or left out. `index` is the entry that shows it, if one does.
    case broken
    /// The file is no evidence, or mail or an editor changed it like any text. Nothing is known of it.
    case unreadable
    /// No file has that name.
    case missing
    /// A file of that name exists already.
    case alreadyExists
    /// The disk has no room to unpack or write it.
    case diskFull
    /// The system has no memory to unpack it.
    case outOfMemory
    /// Anything else failed, such as a read.
    case failed
  }

  /// The kind of failure.
  public let verdict: Verdict
  /// The sentence for people: first what could not be done, then why. Lower case, no full stop.
  public let reason: String
  /// The path that failed, if it is about a file; for a rule of the log, the entry's position in decimal.
  public let subject: String?
  /// Advice on what to do next.
  public let hint: Hint?
  /// The broken rule of the log, and the entry's position.
  package let fault: HistoryFault?
  /// Position of the entry that does not hold. Nil if the failure is about no entry.
  public var index: UInt64? { fault?.position }

  package init(
    _ verdict: Verdict, _ reason: String, subject: String? = nil, hint: Hint? = nil, fault: HistoryFault? = nil
  ) {
    (self.verdict, self.reason, self.subject, self.hint, self.fault) = (verdict, reason, subject, hint, fault)
  }

  /// The same error with another hint.
  func hinting(_ hint: Hint) -> EvidenceError {
    EvidenceError(verdict, reason, subject: subject, hint: hint, fault: fault)
  }

  /// Runs `body`, and translates errors of lower modules into `EvidenceError`.
  static func translating<R>(_ body: () throws -> R) throws(EvidenceError) -> R {
    do { return try body() } catch let error as EvidenceError { throw error } catch let fault as HistoryFault {
      throw EvidenceError(.broken, fault.text, subject: "\(fault.position)", fault: fault)
    } catch let error as EntryError {
      throw EvidenceError(.broken, "a log entry cannot be read: \(error)")
    } catch {
      throw EvidenceError(.failed, "something failed that Custody has no words for: \(type(of: error))")
    }
  }
}

extension EvidenceError {
  /// The error for evidence that does not hold.
  static func broken(_ reason: String) -> EvidenceError {
    EvidenceError(.broken, reason, hint: remedy)
  }

  static let remedy: Hint = "ask who gave it to you for another copy, or for their vault's log verify"

  /// The error for a file that can't be verified as it is, so that nothing is known of it.
  static func unreadable(_ reason: String, _ hint: Hint) -> EvidenceError {
    EvidenceError(.unreadable, reason, hint: hint)
  }
}
