public import CustodyLog
public import CustodyValues

/// What an auditor knows of a log from elsewhere.
public struct Expectation: Sendable {
  /// An older checkpoint, or the same: the log must lead on from it.
  public var checkpoint: Checkpoint?
  /// Leaf hash of the first entry.
  public var genesis: Digest?

  public init() {}
}
