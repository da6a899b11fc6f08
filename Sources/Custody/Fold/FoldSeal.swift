package import CustodyCrypto
internal import CustodyLog
package import CustodyMemory
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

  func mark(table: UInt8, key: [UInt8]) -> Int64 { self.key.mark(table: table, key: key) }

  private func context(_ table: UInt8, _ mark: Int64, _ size: UInt64) -> SealContext {
    var row = [table]
    for shift in 0..<8 { row.append(UInt8(truncatingIfNeeded: mark >> Int64(8 * shift))) }
    return SealContext(.fold, vault: vault, row: row, version: size)
  }

  /// The key is sealed with the value: a mark tells nothing of it.
  func row(_ change: FoldChange, size: UInt64) -> FoldFileRow {
    let mark = mark(table: change.table, key: change.key)
    guard let value = change.value else { return FoldFileRow(table: change.table, mark: mark, size: size, sealed: nil) }
    let count = UInt16(clamping: change.key.count)
    let plain = value + change.key + [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
    return FoldFileRow(
      table: change.table, mark: mark, size: size, sealed: key.seal(plain, context(change.table, mark, size)))
  }

  /// Nil for what does not open here.
  func open(_ row: FoldFileRow) -> (key: [UInt8], value: [UInt8])? {
    guard let sealed = row.sealed, var value = try? key.open(sealed, context(row.table, row.mark, row.size)),
      let low = value.popLast(), let high = value.popLast()
    else { return nil }
    let count = Int(high) << 8 | Int(low)
    guard count <= value.count else { return nil }
    let key = Array(value.suffix(count))
    value.removeLast(count)
    return (key, value)
  }

  // MARK: The head

  private static func keyContext(_ vault: Identifier, _ epoch: UInt64) -> SealContext {
    SealContext(.foldKey, vault: vault, row: [], version: epoch)
  }

  static func open(_ row: FoldHeadRow, of vault: Identifier, _ holder: some FoldKeyHolder) throws -> FoldSeal {
    FoldSeal(try holder.openFoldKey(row.key, keyContext(vault, row.epoch), epoch: row.epoch), of: vault)
  }

  func seal(_ head: FoldHead, _ holder: some FoldKeyHolder, after base: FoldHeadRow?) throws -> FoldHeadRow {
    let epoch = try holder.foldEpoch
    // Only a new epoch seals the key again.
    let wrapped =
      base?.epoch == epoch
      ? base?.key : try holder.seal(key, Self.keyContext(vault, epoch), epoch: epoch)
    let sealed = key.seal(head.bytes, SealContext(.fold, vault: vault, row: [], version: head.size))
    return FoldHeadRow(size: head.size, epoch: epoch, key: wrapped ?? [], sealed: sealed)
  }

  func open(_ row: FoldHeadRow) throws -> FoldHead {
    let opened = try key.open(row.sealed, SealContext(.fold, vault: vault, row: [], version: row.size))
    guard let head = FoldHead(opened), head.size == row.size else { throw CryptoError() }
    return head
  }
}

/// How far a kept fold has come, and what of it is in no row.
package struct FoldHead: Equatable {
  /// Of the rows' and the state's form: another version's fold is not read.
  private static let version: UInt64 = 5

  package let size: UInt64
  package let root: Digest
  /// Rows in each table, by its number: whoever walks a table counts them.
  package let counts: [UInt8: Int]
  package let state: [UInt8]

  package init(size: UInt64, root: Digest, counts: [UInt8: Int], state: [UInt8]) {
    (self.size, self.root, self.counts, self.state) = (size, root, counts, state)
  }

  private static let fixedCount = 8 + 8 + Digest.count + 8

  var bytes: [UInt8] {
    var out = OctetWriter()
    out.write(Self.version)
    out.write(size)
    out.write(root)
    out.write(counts.sorted { $0.key < $1.key }) {
      $0.write(UInt64($1.key))
      $0.write(UInt64($1.value))
    }
    return out.bytes + state
  }

  init?(_ bytes: [UInt8]) {
    var reader = OctetReader(bytes)
    guard (try? reader.number()) == Self.version, let size = try? reader.number(), let root = try? reader.digest(),
      let pairs = try? reader.list(
        ofAtLeast: 16,
        { reader throws(OctetReader.Malformed) in
          (try reader.number(), try reader.number())
        })
    else { return nil }
    var counts: [UInt8: Int] = [:]
    for (table, count) in pairs {
      guard let table = UInt8(exactly: table), let count = Int(exactly: count) else { return nil }
      counts[table] = count
    }
    (self.size, self.root, self.counts) = (size, root, counts)
    state = Array(bytes.dropFirst(Self.fixedCount + 16 * pairs.count))
  }
}
