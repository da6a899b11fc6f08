package import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// An owner of vault keys, which seal a fold's own key.
package protocol FoldKeyHolder {
  /// The newest epoch whose vault key they have.
  var foldEpoch: UInt64 { get throws }
  func seal(_ key: borrowing FoldKey, _ context: SealContext, epoch: UInt64) throws -> [UInt8]
  func openFoldKey(_ sealed: [UInt8], _ context: SealContext, epoch: UInt64) throws -> FoldKey
}

/// Seals the rows of one kept fold. Each row is bound to its place and to the fold's size when it was written, so that
/// it opens nowhere else and a row newer than the head is noticed. Used by one thread at a time.
final class FoldSeal {
  private let vault: Identifier
  private let key: FoldKey

  init(_ key: consuming FoldKey, of vault: Identifier) {
    self.vault = vault
    self.key = key
  }

  func mark(table: UInt8, key: [UInt8]) -> UInt64 { self.key.mark(table: table, key: key) }

  /// Makes a row's context. Table number 0 stands for a bucket.
  private func context(_ table: UInt8, _ number: UInt32, _ size: UInt64) -> SealContext {
    SealContext(.fold, vault: vault, row: [table] + UInt64(number).bigEndianBytes(4), version: size)
  }

  /// Seals a row. The key is sealed together with the value, and is in no column.
  func row(_ number: UInt32, table: UInt8, key: [UInt8], value: [UInt8], size: UInt64) -> FoldFileRow {
    let count = UInt16(clamping: key.count)
    let plain = value + key + UInt64(count).bigEndianBytes(2)
    return FoldFileRow(
      number: number, table: table, size: size, sealed: self.key.seal(plain, context(table, number, size)))
  }

  /// Opens a row. Throws if it was sealed for another place, or is newer than the fold.
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

  /// Reads a page of a table.
  /// - Parameter place: the number of the last row of the previous page, as bytes; empty for the first page.
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
    // The key is sealed again only in a new epoch.
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
