internal import CustodyLog
public import CustodySystem
internal import CustodyValues

/// Bundles and exports, verified with no vault and no key.
public enum Evidence {
  /// Of a bundle's folder or archive, of a JSON Lines export, or of an HTML report's lines. The first thing that does not hold
  /// is thrown; an error with a `fault` names the log entry. One that holds and contradicts what was expected does not
  /// throw: see the verdicts. What can't be verified, because it is something else or was changed on its way as mail
  /// changes text, is a `badInput`: of it nothing is known.
  public static func verify(
    at path: String, expecting expectation: Expectation = Expectation(),
    progress: @escaping ProgressReport = { _, _ in }
  ) throws(EvidenceError) -> EvidenceReport {
    let opened = try reading(path) { try OpenEvidence(path) }
    do {
      var report = try reading(path) { try EvidenceVerifier(opened.source, expectation, progress).run() }
      report.isPageKnown = opened.isPageKnown
      return report
    } catch {
      guard opened.isPageKnown == false else { throw error }
      throw error.hinting("believe this, and not the page: it is not what this version writes around these lines")
    }
  }

  private static func reading<R>(_ path: String, _ body: () throws -> R) throws(EvidenceError) -> R {
    do {
      return try EvidenceError.translating {
        do { return try body() } catch let error as SystemError {
          throw EvidenceError(
            .failed, "cannot read \"\(PrintableText.escape(path))\": \(error.text)", subject: path,
            hint: "check the path")
        } catch is FileLines.TooLong {
          throw OpenEvidence.broken("a line has more than \(FileLines.limit) bytes")
        }
      }
    } catch {
      // Who is shown evidence has no vault.
      throw error.fault == nil ? error : error.hinting(OpenEvidence.remedy)
    }
  }
}
