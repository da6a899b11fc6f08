internal import CustodyCrypto
package import CustodyLog
internal import CustodyValues

/// Why evidence was not verified, or not written.
public struct EvidenceError: Error, Sendable {
  public enum Verdict: Sendable {
    /// It does not hold: something was changed, or left out. With a `fault`, the log entry that shows it.
    case broken
    /// It is something else than evidence, or was changed on its way as mail changes text. Nothing is known of it.
    case unreadable
    /// There is no file of that name.
    case missing
    /// A file of that name is there already.
    case alreadyExists
    case diskFull, outOfMemory
    case failed
  }

  public let verdict: Verdict
  /// What could not be done, then why: lower case, no full stop.
  public let reason: String
  /// The path that it is about, if it is about one.
  public let subject: String?
  /// The next thing to do.
  public let hint: Hint?
  /// Which rule of the log is broken, and where.
  package let fault: HistoryFault?
  /// Position of the entry that does not hold.
  public var index: UInt64? { fault?.position }

  package init(
    _ verdict: Verdict, _ reason: String, subject: String? = nil, hint: Hint? = nil, fault: HistoryFault? = nil
  ) {
    (self.verdict, self.reason, self.subject, self.hint, self.fault) = (verdict, reason, subject, hint, fault)
  }

  /// The same, with a better next step.
  func hinting(_ hint: Hint) -> EvidenceError {
    EvidenceError(verdict, reason, subject: subject, hint: hint, fault: fault)
  }

  /// What failed on a lower floor, in the words of this one.
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
