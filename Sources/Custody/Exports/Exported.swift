public import CustodyEvidence
internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// What an export covered: so many of the entries below this size of the log.
public struct Exported: Sendable {
  public let count: UInt64
  public let size: UInt64
  public let doubts: LogDoubts

  init(_ extent: LogExtent) { (count, size, doubts) = (extent.count, extent.size, extent.doubts) }
}
