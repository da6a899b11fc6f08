internal import CustodyCrypto
package import CustodyLog
package import CustodyMemory
internal import CustodyStore
internal import Synchronization

/// A first fold as it is being made: what memory should not hold goes into a file, which takes its place once it is whole.
///
/// Unlike a kept fold it changes under its tables: only one history may have it for its backing.
package final class FoldDrafting: FoldBacking, @unchecked Sendable {
  private let path: String
  private let vault: Identifier
  private struct State {
    var isDamaged = false
    var counts: [UInt8: Int] = [:]
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
    state.withLock { state in
      do {
        guard let row = try file.row(mark: seal.mark(table: table, key: key)) else { return nil }
        guard row.table == table, let opened = seal.open(row), opened.key == key else { throw StoreError.corrupt }
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
        return try seal.page(table, after: place, newest: .max, file.rows)
      } catch {
        state.isDamaged = true
        return FoldPage(rows: [], next: nil)
      }
    }
  }

  /// What changed until that size. Once it failed nothing of the file can be relied on: the log is folded again, in memory.
  package func add(_ changes: [FoldChange], counts: [UInt8: Int], size: UInt64) {
    state.withLock { state in
      guard !state.isDamaged else { return }
      state.counts = counts
      do { try file.write(changes.map { seal.row($0, size: size) }) } catch { state.isDamaged = true }
    }
  }

  /// Puts it in its place, and opens it there. Nil where that can't be; nothing may be asked of this one after it.
  package func finish(_ head: FoldHead, _ holder: some FoldKeyHolder) -> KeptFold? {
    let isDone = state.withLock { state in
      defer { state.isDamaged = true }
      guard !state.isDamaged, let row = try? seal.seal(head, holder, after: nil) else { return false }
      return (try? file.finish(row)) != nil
    }
    return isDone ? KeptFold(at: path, of: vault, holder) : nil
  }
}
