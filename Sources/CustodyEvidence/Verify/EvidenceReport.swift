public import CustodyLog
internal import CustodySystem
public import CustodyValues

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
