internal import CustodyCrypto
internal import CustodyLog
internal import CustodySystem
package import CustodyValues
internal import CustodyStore

/// Someone else's exchange of the same token, as it was seen: while it lives, its beat goes on.
package struct ExchangeHold: Equatable, Sendable {
  package let item: Identifier
  package let fence: UInt64
  let owner: [UInt8]
  let beat: UInt64

  /// Its process has ended, without a doubt.
  package var isGone: Bool { RunningProcess(owner)?.isGone ?? false }

  init?(_ row: ExchangeRow?) {
    guard let row, let owner = row.owner else { return nil }
    (item, fence, self.owner, beat) = (row.item, row.fence, owner, row.beat)
  }
}
