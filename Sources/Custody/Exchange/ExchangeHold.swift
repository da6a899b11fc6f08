internal import CustodyCrypto
internal import CustodyLog
internal import CustodySystem
package import CustodyValues
internal import CustodyStore

/// Another process's claim on a token, as it was read. While that process lives, its beat advances.
package struct ExchangeHold: Equatable, Sendable {
  package let item: Identifier
  package let fence: UInt64
  let owner: [UInt8]
  let beat: UInt64

  /// True if its process has certainly ended.
  package var isGone: Bool { RunningProcess(owner)?.isGone ?? false }

  init?(_ row: ExchangeRow?) {
    guard let row, let owner = row.owner else { return nil }
    (item, fence, self.owner, beat) = (row.item, row.fence, owner, row.beat)
  }
}
