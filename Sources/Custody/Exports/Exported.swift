public import CustodyEvidence
internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// The extent of an export.
public struct Exported: Sendable {
  /// The number of entries exported.
  public let count: UInt64
  /// The size of the log that the export is of, in entries.
  public let size: UInt64
  /// Reasons for caution about what was exported, such as an entry whose names did not open.
  public let doubts: LogDoubts

  init(_ extent: LogExtent) { (count, size, doubts) = (extent.count, extent.size, extent.doubts) }
}
