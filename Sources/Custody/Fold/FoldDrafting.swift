internal import CustodyCrypto
package import CustodyLog
package import CustodySecrets
package import CustodyValues
internal import CustodyStore
internal import Synchronization

/// A first fold in the making. Rows that memory should not hold go into a file, which becomes the kept fold once it is
/// complete.
///
/// Unlike a kept fold, it changes while it is in use, so only one history may have it as backing.
package final class FoldDrafting: FoldBacking, @unchecked Sendable {
  private let path: String
  private let vault: Identifier
  private struct State {
    var isDamaged = false
    var counts: [UInt8: Int] = [:]
    /// Number of the row for each mark.
    var numbers: [UInt64: UInt32] = [:]
    var last: UInt32 = 0
  }
  private let state = Mutex(State())
  private let file: FoldFileDraft
  private let seal: FoldSeal

  package init(for path: String, of vault: Identifier, in arena: SecureArena) throws {
    (self.path, self.vault) = (path, vault)
    file = try FoldFileDraft(for: path)
    seal = FoldSeal(try FoldKey.random(in: arena), of: vault)
  }

  package var isDamaged: Bool { state.withLock { $0.isDamaged } }
  package func noteDamage() { state.withLock { $0.isDamaged = true } }
  package func count(table: UInt8) -> Int { state.withLock { $0.counts[table] ?? 0 } }

  package func read(table: UInt8, key: [UInt8]) -> [UInt8]? {
    unlessDamaged { state in
      guard let found = try row(table, key, of: table, state) else { return nil }
      guard found.key == key else { throw StoreError.corrupt }
      return found.value
    }
  }

  package func target(table: UInt8, key: [UInt8], in target: UInt8) -> [UInt8]? {
    unlessDamaged { state in try row(table, key, of: target, state)?.key }
  }

  private func row(
    _ table: UInt8, _ key: [UInt8], of target: UInt8, _ state: State
  ) throws -> (key: [UInt8], value: [UInt8])? {
    guard let number = state.numbers[seal.mark(table: table, key: key)] else { return nil }
    guard let row = try file.rows.row(table: target, number) else { throw StoreError.corrupt }
    return try seal.open(row, newest: .max)
  }

  package func page(table: UInt8, after place: [UInt8]) -> FoldPage {
    unlessDamaged { _ in try seal.page(file.rows, table, after: place, newest: .max) } ?? FoldPage(rows: [], next: nil)
  }

  private func unlessDamaged<Found>(_ body: (inout State) throws -> Found?) -> Found? {
    state.withLock { state in
      guard !state.isDamaged else { return nil }
      do { return try body(&state) } catch {
        state.isDamaged = true
        return nil
      }
    }
  }

  func add(_ history: History) { add(history.unsavedRows, counts: history.rowCounts, size: history.size) }

  /// Stores the changes up to a size. New rows are appended, so each costs the same however many there are. After a
  /// failure nothing in the file can be relied on, and the log is folded again in memory.
  package func add(_ changes: [FoldChange], counts: [UInt8: Int], size: UInt64) {
    _ = unlessDamaged { state in
      state.counts = counts
      for change in changes { try put(change, size, &state) }
      return true
    }
  }

  private func put(_ change: FoldChange, _ size: UInt64, _ state: inout State) throws {
    let mark = seal.mark(table: change.table, key: change.key)
    let known = state.numbers[mark]
    guard let value = change.value else {
      guard let known else { return }
      state.numbers[mark] = nil
      return change.target == nil ? try file.rows.remove(table: change.table, known) : ()
    }
    if let target = change.target {
      guard let number = state.numbers[seal.mark(table: target, key: value)] else { throw StoreError.corrupt }
      state.numbers[mark] = number
      return
    }
    guard let number = known ?? state.last.next else { throw StoreError.full }
    if known == nil {
      state.last = number
      state.numbers[mark] = number
    }
    try file.rows.put(seal.row(number, table: change.table, key: change.key, value: value, size: size))
  }

  /// Completes the file, moves it into place and opens it as the kept fold. Nil if that fails. This draft can't be used
  /// afterwards.
  package func finish(_ head: FoldHead, _ holder: some FoldKeyHolder) -> KeptFold? {
    let isDone = unlessDamaged { state in
      defer { state.isDamaged = true }
      let shape = FoldShape(last: state.last, buckets: FoldIndex.count(for: state.numbers.count))
      try writeIndex(state.numbers, shape, head.size)
      state.numbers = [:]
      try file.finish(try seal.seal(head, shape, holder, after: nil))
      return true
    }
    return isDone == true ? KeptFold(at: path, of: vault, holder) : nil
  }

  private func writeIndex(_ numbers: [UInt64: UInt32], _ shape: FoldShape, _ size: UInt64) throws {
    var buckets = [FoldBucket](repeating: FoldBucket(), count: Int(shape.buckets))
    for (mark, number) in numbers { buckets[Int(FoldIndex.bucket(of: mark, in: shape.buckets))].add(mark, number) }
    for (place, bucket) in buckets.enumerated() {
      try file.rows.put(bucket: seal.row(UInt32(place), bucket: bucket, size: size))
    }
  }
}
