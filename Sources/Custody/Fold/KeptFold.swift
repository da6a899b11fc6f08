internal import CustodyCrypto
package import CustodyLog
package import CustodyMemory
internal import CustodyStore
internal import Synchronization

/// The fold that this machine kept of one vault: rows that are read one by one, as they were when it was opened.
///
/// A cache. A row that was changed, moved, or put there from another vault does not open; one that was put back to what it
/// was, or taken out, is not noticed until its table is walked: the folder is trusted as the pin in it is. A fold that is
/// lost, damaged, or not of this log is folded anew.
package final class KeptFold: FoldBacking, @unchecked Sendable {
  static let pageCount = 256

  package let head: FoldHead
  private let file: FoldFile
  private let seal: FoldSeal
  private struct State {
    var isDamaged = false
    /// The file's, when this was opened or has saved.
    var stored: FoldHeadRow
  }
  /// Several threads read; the connection is one thread's at a time.
  private let state: Mutex<State>

  /// Nil where there is none that can be used, for whatever reason.
  package init?(at path: String, of vault: Identifier, _ holder: some FoldKeyHolder) {
    guard let file = try? FoldFile(at: path), let seal = try? FoldSeal.open(file.head, of: vault, holder),
      let head = try? seal.open(file.head)
    else { return nil }
    (self.file, self.seal, self.head) = (file, seal, head)
    state = Mutex(State(stored: file.head))
  }

  /// Nothing may be read after it.
  package func close() { state.withLock { _ in file.close() } }

  // MARK: Reading

  package var isDamaged: Bool { state.withLock { $0.isDamaged } }
  package func noteDamage() { state.withLock { $0.isDamaged = true } }
  package func count(table: UInt8) -> Int { head.counts[table] ?? 0 }

  package func read(table: UInt8, key: [UInt8]) -> [UInt8]? {
    state.withLock { state in
      do {
        guard let row = try file.row(mark: seal.mark(table: table, key: key)) else { return nil }
        guard row.size <= head.size, row.table == table, let opened = seal.open(row), opened.key == key else {
          throw StoreError.corrupt
        }
        return opened.value
      } catch {
        state.isDamaged = true
        return nil
      }
    }
  }

  package func page(table: UInt8, after place: [UInt8]) -> FoldPage {
    state.withLock { state in
      do {
        return try seal.page(table, after: place, newest: head.size, file.rows)
      } catch {
        state.isDamaged = true
        return FoldPage(rows: [], next: nil)
      }
    }
  }

  // MARK: Saving

  /// All of it or nothing. False where another process saved since, or is at it: then this fold is not worth keeping.
  package func save(_ changes: [FoldChange], _ head: FoldHead, _ holder: some FoldKeyHolder) -> Bool {
    state.withLock { state in
      guard !state.isDamaged, head.size >= self.head.size,
        let new = try? seal.seal(head, holder, after: state.stored)
      else { return false }
      let rows = changes.map { seal.row($0, size: head.size) }
      guard (try? file.replace(state.stored, with: new, rows)) == true else { return false }
      state.stored = new
      return true
    }
  }
}

extension FoldSeal {
  /// `after` is the number of the row before, as bytes; empty for the first page.
  func page(
    _ table: UInt8, after place: [UInt8], newest: UInt64,
    _ read: (UInt8, Int64, Int) throws -> (rows: [FoldFileRow], last: Int64)
  ) throws -> FoldPage {
    // Below every number there is, even where a file has one below zero.
    let after = place.isEmpty ? Int64.min : place.reduce(0) { $0 << 8 | Int64($1) }
    let (rows, last) = try read(table, after, KeptFold.pageCount)
    var opened: [(key: [UInt8], value: [UInt8])] = []
    opened.reserveCapacity(rows.count)
    for row in rows {
      guard row.size <= newest, let found = open(row) else { throw StoreError.corrupt }
      opened.append(found)
    }
    let next = (0..<8).map { UInt8(truncatingIfNeeded: last >> Int64(56 - 8 * $0)) }
    return FoldPage(rows: opened, next: rows.count < KeptFold.pageCount ? nil : next)
  }
}
