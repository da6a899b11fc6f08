public import CustodyLog
internal import CustodySystem
public import CustodyValues

/// What an auditor knows of a log from elsewhere.
public struct Expectation: Sendable {
  /// An older checkpoint, or the same: the log must lead on from it.
  public var checkpoint: Checkpoint?
  /// Leaf hash of the first entry.
  public var genesis: Digest?

  public init() {}
}

/// What was shown of a log, and found to hold.
public struct EvidenceReport: Sendable {
  public let verdicts: Verdicts
  public let checkpoint: Checkpoint
  /// The name of who signed it.
  public let signer: String
  public let cosigners: [(name: String, time: Timestamp)]
  /// How many entries were read from their bytes.
  public let entries: UInt64
  /// Entries of a whole log that are dated well before the one before them: a wrong clock, or a false one.
  public let backdated: [UInt64]
  /// Entries of a whole log that are signed and break a rule: they count for nothing. A part does not tell of any.
  public let voids: [VoidTally]
  /// Every entry up to the checkpoint, and not a part of them.
  public let isWhole: Bool
  /// The names beside the entries are in metadata that the entries name; false where a file discloses none.
  public let provesNames: Bool
  /// The leaf hash of the first entry, where that is shown. It tells this vault from another of the same look.
  public let genesis: Digest?
  /// Whether it was held against one that the caller has from elsewhere: else any vault could have made this.
  public let isGenesisKnown: Bool
  /// What its exporter says that a part covers; nil of a whole log.
  public let scope: ScopeReport?
  /// Of an HTML report, whose lines were verified: whether the page around them is what this version writes. Where it is not, it is
  /// another version's or somebody changed it: what the page shows need not be what its lines say. Nil for other evidence.
  public internal(set) var isPageKnown: Bool?
}

/// The scope of a part of a log. That nothing within it was left out is the word of who signed it.
public struct ScopeReport: Sendable {
  public let scope: ExportScope
  /// The name of who signed it.
  public let exporter: String
  /// Under which it is signed.
  let key: VerifierKey

  /// Nil where the exporter is not among the members.
  init?(_ scope: ExportScope, among members: FoldTable<Identifier, Member>) {
    guard let member = members[scope.exporter] else { return nil }
    (self.scope, exporter, key) = (scope, member.name, member.entryKey(origin: scope.head.origin))
  }

  /// In words: which entries, how many, of how much of the log, as said by whom and when.
  public var text: String {
    let tokens = scope.unread == 1 ? "1 token whose name does" : "\(scope.unread) tokens whose names do"
    let unread = scope.unread == 0 ? "" : " (but for \(tokens) not open to \(exporter))"
    return
      "\(scope.filter.words)\(unread): \(scope.entries) of the first \(scope.head.size) entries, as \(exporter) signed at \(scope.time.text)"
  }
}

/// Bundles and exports, verified with no vault and no key.
public enum Evidence {
  /// Of a bundle's folder or archive, of a JSON Lines export, or of an HTML report's lines. The first thing that does not hold
  /// is thrown; an error with a `fault` names the log entry. One that holds and contradicts what was expected does not
  /// throw: see the verdicts. What can't be verified, because it is something else or was changed on its way as mail
  /// changes text, is a `badInput`: of it nothing is known.
  public static func verify(
    at path: String, expecting expectation: Expectation = Expectation(),
    progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> EvidenceReport {
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

  private static func reading<R>(_ path: String, _ body: () throws -> R) throws(VaultError) -> R {
    do {
      return try translating {
        do { return try body() } catch let error as SystemError {
          throw VaultError(
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
