package import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Who has the vault keys, for a fold's own key.
package protocol FoldKeyHolder {
  /// The newest epoch of which they have the vault key.
  var foldEpoch: UInt64 { get throws }
  func seal(_ key: borrowing FoldKey, _ context: SealContext, epoch: UInt64) throws -> [UInt8]
  func openFoldKey(_ sealed: [UInt8], _ context: SealContext, epoch: UInt64) throws -> FoldKey
}

/// Seals rows of one kept fold, each for its place and the size of the fold when it was written, so that it opens nowhere
/// else, and none is newer than the head. Used by one thread at a time.
final class FoldSeal {
  private let vault: Identifier
  private let key: FoldKey

  init(_ key: consuming FoldKey, of vault: Identifier) {
    self.vault = vault
    self.key = key
  }

  func mark(table: UInt8, key: [UInt8]) -> UInt64 { self.key.mark(table: table, key: key) }

  /// A table's number is never 0, which is a bucket's.
  private func context(_ table: UInt8, _ number: UInt32, _ size: UInt64) -> SealContext {
    SealContext(.fold, vault: vault, row: [table] + UInt64(number).bigEndianBytes(4), version: size)
  }

  /// The key is sealed with the value, and in no column.
  func row(_ number: UInt32, table: UInt8, key: [UInt8], value: [UInt8], size: UInt64) -> FoldFileRow {
    let count = UInt16(clamping: key.count)
    let plain = value + key + UInt64(count).bigEndianBytes(2)
    return FoldFileRow(
      number: number, table: table, size: size, sealed: self.key.seal(plain, context(table, number, size)))
  }

  /// Throws for what does not open here, or is newer than the fold.
  func open(_ row: FoldFileRow, newest: UInt64) throws -> (key: [UInt8], value: [UInt8]) {
    guard row.size <= newest else { throw CryptoError() }
    var value = try key.open(row.sealed, context(row.table, row.number, row.size))
    guard value.count >= 2 else { throw CryptoError() }
    let count = Int(UInt64(bigEndianBytes: value.suffix(2)))
    value.removeLast(2)
    guard count <= value.count else { throw CryptoError() }
    let key = Array(value.suffix(count))
    value.removeLast(count)
    return (key, value)
  }

  func row(_ number: UInt32, bucket: FoldBucket, size: UInt64) -> FoldFileRow {
    FoldFileRow(number: number, table: 0, size: size, sealed: key.seal(bucket.bytes, context(0, number, size)))
  }

  func bucket(_ row: FoldFileRow?, newest: UInt64) throws -> FoldBucket {
    guard let row, row.size <= newest,
      let bucket = FoldBucket(try key.open(row.sealed, context(0, row.number, row.size)))
    else { throw CryptoError() }
    return bucket
  }

  /// `after` is the number of the row before, as bytes; empty for the first page.
  func page(_ rows: FoldRows, _ table: UInt8, after place: [UInt8], newest: UInt64) throws -> FoldPage {
    let after = UInt32(truncatingIfNeeded: UInt64(bigEndianBytes: place[...]))
    let found = try rows.rows(table: table, after: after, limit: KeptFold.pageCount)
    let opened = try found.map { try open($0, newest: newest) }
    guard let last = found.last?.number, found.count == KeptFold.pageCount else {
      return FoldPage(rows: opened, next: nil)
    }
    return FoldPage(rows: opened, next: UInt64(last).bigEndianBytes(4))
  }

  // MARK: The head

  private static func keyContext(_ vault: Identifier, _ epoch: UInt64) -> SealContext {
    SealContext(.foldKey, vault: vault, row: [], version: epoch)
  }

  static func open(_ row: FoldHeadRow, of vault: Identifier, _ holder: some FoldKeyHolder) throws -> FoldSeal {
    FoldSeal(try holder.openFoldKey(row.key, keyContext(vault, row.epoch), epoch: row.epoch), of: vault)
  }

  func seal(_ head: FoldHead, _ shape: FoldShape, _ holder: some FoldKeyHolder, after base: FoldHeadRow?) throws
    -> FoldHeadRow
  {
    let epoch = try holder.foldEpoch
    // Only a new epoch seals the key again.
    let wrapped =
      base?.epoch == epoch
      ? base?.key : try holder.seal(key, Self.keyContext(vault, epoch), epoch: epoch)
    let sealed = key.seal(head.bytes(shape), SealContext(.fold, vault: vault, row: [], version: head.size))
    return FoldHeadRow(size: head.size, epoch: epoch, key: wrapped ?? [], sealed: sealed)
  }

  func open(_ row: FoldHeadRow) throws -> (FoldHead, FoldShape) {
    let opened = try key.open(row.sealed, SealContext(.fold, vault: vault, row: [], version: row.size))
    guard let found = FoldHead.read(opened), found.0.size == row.size else { throw CryptoError() }
    return found
  }
}
