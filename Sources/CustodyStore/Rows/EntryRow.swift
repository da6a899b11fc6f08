internal import CustodyValues

package struct EntryRow: Equatable, Sendable {
  /// The entry's index in the log, from 0.
  package var position: UInt64
  /// The epoch of the vault key that seals the entry.
  package var epoch: UInt64
  package var sealed: [UInt8]

  package init(position: UInt64, epoch: UInt64, sealed: [UInt8]) {
    (self.position, self.epoch, self.sealed) = (position, epoch, sealed)
  }

  init(_ row: any Row) throws(StoreError) {
    position = try row.count(0)
    epoch = try row.count(1)
    sealed = try row.blob(2)
  }
}
