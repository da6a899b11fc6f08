public import CustodyLog
internal import CustodySystem
public import CustodyValues

/// The result of a verification: the facts that the evidence proves.
public struct EvidenceReport: Sendable {
  /// The verdicts on integrity, attribution and completeness.
  public let verdicts: Verdicts
  /// The checkpoint that the evidence is verified against.
  public let checkpoint: Checkpoint
  /// Name of the member who signed the checkpoint.
  public let signer: String
  /// Names of the members who cosigned the checkpoint, with the times by their clocks.
  public let cosigners: [(name: String, time: Timestamp)]
  /// Count of the entries in the evidence.
  public let entries: UInt64
  /// Positions of entries dated over five minutes before an earlier one: a wrong clock, or a false date. Only for a
  /// whole log.
  public let backdated: [UInt64]
  /// Void entries for each author: signed, but breaking a rule, so without effect. Empty for a part, which can't show
  /// them.
  public let voids: [VoidTally]
  /// True for a log with every entry up to the checkpoint, false for a part of one.
  public let isWhole: Bool
  /// True if the evidence discloses metadata or reasons, so that names are proved by the hashes in the entries.
  public let provesNames: Bool
  /// Leaf hash of the first entry, which identifies the vault. Nil if that entry is not shown.
  public let genesis: Digest?
  /// True if the genesis was compared with one that the caller has from elsewhere. Otherwise any vault could have made
  /// this evidence.
  public let isGenesisKnown: Bool
  /// The exporter's signed statement of what a part covers. Nil for a whole log.
  public let scope: ScopeReport?
  /// True if the page of an HTML report is byte for byte what this version writes around the lines. False if another
  /// version wrote it or somebody changed it: then the page may show something else than its lines say. Nil for other
  /// evidence.
  public internal(set) var isPageKnown: Bool?
}
