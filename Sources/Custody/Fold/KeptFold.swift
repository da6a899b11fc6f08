internal import CustodyCrypto
package import CustodyLog
package import CustodyValues
internal import CustodyStore
internal import Synchronization

/// A vault's fold that this machine keeps in a file. Rows are read one by one, as they were when it was opened.
///
/// It is a cache. A row that is missing, changed, moved, or taken from another vault counts as damage. Rows that were
/// put back to an earlier state together with their bucket are not noticed: the folder is trusted, as for the pin in
/// it. A fold that is lost, damaged, or not of this log is folded anew.
package final class KeptFold: FoldBacking, @unchecked Sendable {
  static let pageCount = 256

  package let head: FoldHead
  private let file: FoldFile
  private let seal: FoldSeal
  private let shape: FoldShape
  private struct State {
    var isDamaged = false
    /// The head in the file when this fold was opened or last saved.
    var stored: FoldHeadRow
    var shape: FoldShape
  }
  /// Serialises access: several threads may read, but the connection is for one at a time.
  private let state: Mutex<State>

  /// Nil if there is no usable fold, for whatever reason.
  package init?(at path: String, of vault: Identifier, _ holder: some FoldKeyHolder) {
    guard let file = try? FoldFile(at: path), let seal = try? FoldSeal.open(file.head, of: vault, holder),
      let (head, shape) = try? seal.open(file.head)
    else { return nil }
    (self.file, self.seal, self.head, self.shape) = (file, seal, head, shape)
    state = Mutex(State(stored: file.head, shape: shape))
  }

  /// Closes the file. Nothing can be read afterwards.
  package func close() { state.withLock { _ in file.close() } }

  // MARK: Reading

  package var isDamaged: Bool { state.withLock { $0.isDamaged } }
  package func noteDamage() { state.withLock { $0.isDamaged = true } }
  package func count(table: UInt8) -> Int { head.counts[table] ?? 0 }

  package func read(table: UInt8, key: [UInt8]) -> [UInt8]? {
    unlessDamaged {
      guard let found = try row(table, key, of: table) else { return nil }
      guard found.key == key else { throw StoreError.corrupt }
      return found.value
    }
  }

  /// Returns the key of the row to which another table's key leads. The caller checks that the row belongs to the key.
  package func target(table: UInt8, key: [UInt8], in target: UInt8) -> [UInt8]? {
    unlessDamaged { try row(table, key, of: target)?.key }
  }

  private func row(_ table: UInt8, _ key: [UInt8], of target: UInt8) throws -> (key: [UInt8], value: [UInt8])? {
    let mark = seal.mark(table: table, key: key)
    let place = FoldIndex.bucket(of: mark, in: shape.buckets)
    guard let number = try seal.bucket(file.rows.bucket(place), newest: head.size).number(of: mark) else { return nil }
    guard let row = try file.rows.row(table: target, number) else { throw StoreError.corrupt }
    return try seal.open(row, newest: head.size)
  }

  package func page(table: UInt8, after place: [UInt8]) -> FoldPage {
    unlessDamaged { try seal.page(file.rows, table, after: place, newest: head.size) } ?? FoldPage(rows: [], next: nil)
  }

  private func unlessDamaged<Found>(_ body: () throws -> Found?) -> Found? {
    state.withLock { state in
      do { return try body() } catch {
        state.isDamaged = true
        return nil
      }
    }
  }

  // MARK: Saving

  /// Saves all changes, or none. Returns false if another process has saved since or is saving now; this fold is then
  /// not worth keeping.
  package func save(_ changes: [FoldChange], _ head: FoldHead, _ holder: some FoldKeyHolder) -> Bool {
    state.withLock { state in
      guard !state.isDamaged, head.size >= state.stored.size else { return false }
      do {
        var (new, shape): (FoldHeadRow?, FoldShape) = (nil, state.shape)
        let isSaved = try file.replace(state.stored) { rows in
          var writing = FoldWriting(rows: rows, seal: seal, size: head.size, shape: shape)
          try writing.grow(for: head.counts.values.reduce(0, +))
          for change in changes { try writing.put(change) }
          try writing.writeIndex()
          shape = writing.shape
          let row = try seal.seal(head, shape, holder, after: state.stored)
          new = row
          return row
        }
        guard isSaved, let new else { return false }
        (state.stored, state.shape) = (new, shape)
        return true
      } catch { return false }
    }
  }
}

/// The rows and index buckets written by one save.
private struct FoldWriting {
  let rows: FoldRows
  let seal: FoldSeal
  let size: UInt64
  var shape: FoldShape
  private var buckets: [UInt32: FoldBucket] = [:]
  private var changed: Set<UInt32> = []

  init(rows: FoldRows, seal: FoldSeal, size: UInt64, shape: FoldShape) {
    (self.rows, self.seal, self.size, self.shape) = (rows, seal, size, shape)
  }

  private mutating func bucket(_ place: UInt32) throws -> FoldBucket {
    if let known = buckets[place] { return known }
    let found = try seal.bucket(rows.bucket(place), newest: size)
    buckets[place] = found
    return found
  }

  private mutating func set(_ place: UInt32, _ bucket: FoldBucket) {
    buckets[place] = bucket
    changed.insert(place)
  }

  mutating func put(_ change: FoldChange) throws {
    let mark = seal.mark(table: change.table, key: change.key)
    let known = try number(of: mark)
    guard let value = change.value else {
      guard let known else { return }
      try point(mark, to: nil)
      return change.target == nil ? try rows.remove(table: change.table, known) : ()
    }
    if let target = change.target {
      guard let number = try number(of: seal.mark(table: target, key: value)) else { throw StoreError.corrupt }
      return known == number ? () : try point(mark, to: number)
    }
    guard let number = known ?? shape.last.next else { throw StoreError.full }
    if known == nil {
      shape.last = number
      try point(mark, to: number)
    }
    try rows.put(seal.row(number, table: change.table, key: change.key, value: value, size: size))
  }

  private mutating func number(of mark: UInt64) throws -> UInt32? {
    try bucket(FoldIndex.bucket(of: mark, in: shape.buckets)).number(of: mark)
  }

  private mutating func point(_ mark: UInt64, to number: UInt32?) throws {
    let place = FoldIndex.bucket(of: mark, in: shape.buckets)
    var bucket = try bucket(place)
    bucket.remove(mark)
    if let number { bucket.add(mark, number) }
    set(place, bucket)
  }

  /// Adds buckets for this many rows before they are written, so that no bucket grows long.
  mutating func grow(for count: Int) throws {
    while shape.buckets < FoldIndex.count(for: count) {
      let next = shape.buckets
      let source = FoldIndex.source(of: next)
      var bucket = try bucket(source)
      let other = bucket.split { FoldIndex.bucket(of: $0, in: next + 1) == next }
      set(source, bucket)
      set(next, other)
      shape.buckets += 1
    }
  }

  func writeIndex() throws {
    for place in changed.sorted() {
      if let bucket = buckets[place] { try rows.put(bucket: seal.row(place, bucket: bucket, size: size)) }
    }
  }
}

extension UInt32 {
  /// The number after this one. Nil after the largest.
  var next: UInt32? { self == .max ? nil : self + 1 }
}
