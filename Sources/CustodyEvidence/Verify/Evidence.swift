internal import CustodyLog
public import CustodySystem
internal import CustodyValues

/// Verification of bundles and exports, without a vault and without a key.
public enum Evidence {
  /// Verifies a bundle's folder or archive, a JSON Lines export, or the lines of an HTML report.
  ///
  /// Evidence that holds and contradicts the expectation does not throw: see `EvidenceReport.verdicts`.
  ///
  /// - Parameters:
  ///   - path: The folder or file. Its kind is recognized by its contents, not its name.
  ///   - expectation: A checkpoint and a genesis that the caller has from elsewhere.
  ///   - progress: Called now and then, for a whole log, with the count of entries read so far and the count of all.
  /// - Returns: The proved facts, with verdicts on integrity, attribution and completeness.
  /// - Throws: `EvidenceError` for the first fault. `broken`: the evidence does not hold; `index` is the entry.
  ///   `unreadable`: it is something else, or mail changed it like any text, and nothing is known of it. `missing`,
  ///   `diskFull`, `outOfMemory` or `failed`: it could not be read.
  public static func verify(
    at path: String, expecting expectation: Expectation = Expectation(),
    progress: @escaping ProgressReport = { _, _ in }
  ) throws(EvidenceError) -> EvidenceReport {
    let opened = try reading(path) { try FoundEvidence(path) }
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
          throw EvidenceError.broken("a line has more than \(FileLines.limit) bytes")
        }
      }
    } catch {
      // A reader of evidence has no vault, so the hint is not one about vaults.
      throw error.fault == nil ? error : error.hinting(EvidenceError.remedy)
    }
  }
}
