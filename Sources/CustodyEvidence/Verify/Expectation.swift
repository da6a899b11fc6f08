public import CustodyLog
public import CustodyValues

/// The facts that an auditor knows of a log from elsewhere, to compare evidence with.
public struct Expectation: Sendable {
  /// A checkpoint of the log, as old as the evidence or older. The log must extend it.
  public var checkpoint: Checkpoint?
  /// Leaf hash of the log's first entry, its genesis.
  public var genesis: Digest?

  /// Creates an empty expectation.
  public init() {}
}
