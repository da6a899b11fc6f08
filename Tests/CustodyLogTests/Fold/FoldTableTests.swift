import CustodyLog
import CustodyValues
import Synchronization
import Testing

/// Rows in memory, a few a page, that count how often they are read.
final class RowsInMemory: FoldBacking {
  struct State {
    var rows: [UInt8: [[UInt8]: [UInt8]]] = [:]
    var isDamaged = false
    var reads = 0
    var lost = 0
  }
  let state = Mutex(State())

  init(_ changes: [FoldChange] = []) {
    take(changes)
  }

  func take(_ changes: [FoldChange]) {
    state.withLock { for change in changes { $0.rows[change.table, default: [:]][change.key] = change.value } }
  }

  var isDamaged: Bool { state.withLock { $0.isDamaged } }
  var reads: Int { state.withLock { $0.reads } }
  func noteDamage() { state.withLock { $0.isDamaged = true } }
  func count(table: UInt8) -> Int { state.withLock { ($0.rows[table]?.count ?? 0) + $0.lost } }
  func lose(_ count: Int) { state.withLock { $0.lost = count } }

  func read(table: UInt8, key: [UInt8]) -> [UInt8]? {
    state.withLock {
      $0.reads += 1
      return $0.rows[table]?[key]
    }
  }

  func target(table: UInt8, key: [UInt8], in target: UInt8) -> [UInt8]? {
    state.withLock { state in
      guard let pointed = state.rows[table]?[key] else { return nil }
      guard state.rows[target]?[pointed] != nil else {
        state.isDamaged = true
        return nil
      }
      return pointed
    }
  }

  func page(table: UInt8, after: [UInt8]) -> FoldPage {
    state.withLock { state in
      let all = (state.rows[table] ?? [:]).sorted { $0.key.lexicographicallyPrecedes($1.key) }
      let rows = all.filter { after.lexicographicallyPrecedes($0.key) }.prefix(3)
      return FoldPage(rows: rows.map { (key: $0.key, value: $0.value) }, next: rows.count < 3 ? nil : rows.last?.key)
    }
  }
}

struct FoldTableTests {
  private func id(_ number: UInt64) -> Identifier {
    Identifier([UInt8](repeating: 1, count: 14) + [UInt8(number >> 8), UInt8(number & 255)]) ?? .none
  }

  private func table(_ numbers: Range<UInt64>) -> FoldTable<Identifier, UInt64> {
    var table = FoldTable<Identifier, UInt64>(1)
    for number in numbers { table[id(number)] = number }
    return table
  }

  private func saved(_ table: FoldTable<Identifier, UInt64>) -> [FoldChange] {
    var changes: [FoldChange] = []
    table.eachUnsaved { changes.append($0) }
    return changes
  }

  private func kept(_ numbers: Range<UInt64>) -> (RowsInMemory, FoldTable<Identifier, UInt64>) {
    let rows = RowsInMemory(saved(table(numbers)))
    return (rows, FoldTable(1).on(rows))
  }

  @Test func `without kept rows a table is a dictionary`() {
    var table = table(0..<10)
    #expect(table.count == 10)
    #expect(table[id(3)] == 3)
    table[id(3)] = nil
    table[id(3)] = nil
    #expect(table.count == 9)
    #expect(table[id(3)] == nil)
    #expect(table.sorted() == [0, 1, 2, 4, 5, 6, 7, 8, 9])
    #expect(saved(table).count == 9)
  }

  @Test func `a kept row is read when it is asked for, and once`() {
    let (rows, table) = kept(0..<10)
    #expect(rows.reads == 0)
    #expect(table.count == 10)
    #expect(table[id(7)] == 7)
    #expect(table[id(7)] == 7)
    #expect(table[id(70)] == nil)
    #expect(table[id(70)] == nil)
    #expect(rows.reads == 2)
  }

  @Test(arguments: [UInt64(0), 1, 2, 3, 4, 6, 7, 30])
  func `a walk sees what was kept under what changed`(count: UInt64) {
    var (rows, table) = kept(0..<count)
    var expected = Dictionary(uniqueKeysWithValues: (0..<count).map { (id($0), $0) })
    for number in stride(from: 0, to: count + 4, by: 2) {
      let value: UInt64? = number % 3 == 0 ? nil : number + 100
      table[id(number)] = value
      expected[id(number)] = value
    }
    #expect(table.sorted() == expected.values.sorted())
    #expect(table.count == expected.count)
    for number in 0..<count + 6 { #expect(table[id(number)] == expected[id(number)]) }
    #expect(!rows.isDamaged)
    rows = RowsInMemory()
  }

  @Test func `a walk goes on with what it began with`() {
    var (_, table) = kept(0..<10)
    var iterator = table.makeIterator()
    _ = iterator.next()
    for number in UInt64(0)..<10 { table[id(number)] = nil }
    var count = 1
    while iterator.next() != nil { count += 1 }
    #expect(count == 10)
    #expect(table.isEmpty)
    #expect(Array(table).isEmpty)
  }

  @Test func `a copy changes alone`() {
    let (_, table) = kept(0..<4)
    var copy = table
    copy[id(1)] = 10
    copy[id(2)] = nil
    #expect(table[id(1)] == 1)
    #expect(table[id(2)] == 2)
    #expect(copy[id(1)] == 10)
    #expect((table.count, copy.count) == (4, 3))
  }

  @Test func `only what changed since is to be saved, what was removed too`() {
    var (_, table) = kept(0..<10)
    #expect(saved(table).isEmpty)
    table[id(2)] = 20
    table[id(3)] = nil
    table[id(11)] = 11
    table[id(99)] = nil
    let changes = saved(table)
    #expect(changes.count == 3)
    #expect(changes.contains(FoldChange(table: 1, key: id(3).bytes, value: nil)))
    table.noteSaved()
    #expect(table.unsavedCount == 0)
    // The backing still has the old rows.
    #expect(table[id(2)] == 20)
    #expect(table[id(3)] == nil)
  }

  @Test func `a table gives up its memory to rows that have all of it`() {
    var table = table(0..<10)
    let rows = RowsInMemory(saved(table))
    table.rebase(onto: rows)
    #expect(table.unsavedCount == 0)
    #expect(table.count == 10)
    #expect(table[id(9)] == 9)
    #expect(rows.reads == 1)
    table[id(9)] = 90
    rows.state.withLock { $0.rows[1]?[id(9).bytes] = [90, 0, 0, 0, 0, 0, 0, 0] }
    table.rebase(onto: rows)
    #expect(table[id(9)] == 90)
  }

  @Test func `a row that is no value is damage`() {
    for value in [[], [1, 2, 3], [UInt8](repeating: 0, count: 9)] {
      let rows = RowsInMemory([FoldChange(table: 1, key: id(1).bytes, value: value)])
      let table = FoldTable<Identifier, UInt64>(1).on(rows)
      #expect(table[id(1)] == nil)
      #expect(rows.isDamaged)
    }
    let rows = RowsInMemory([FoldChange(table: 1, key: [1], value: [UInt8](repeating: 0, count: 8))])
    #expect(Array(FoldTable<Identifier, UInt64>(1).on(rows)).isEmpty)
    #expect(rows.isDamaged)
  }

  @Test(arguments: [-1, 1, 2, -10]) func `a walk counts its rows`(lost: Int) {
    let (rows, table) = kept(0..<10)
    rows.lose(lost)
    _ = Array(table)
    #expect(rows.isDamaged)
  }

  @Test func `other names of rows point to them, by their bytes`() {
    var items = FoldTable<Identifier, UInt64>(2)
    var names = FoldTable<String, Identifier>(129, pointingTo: 2)
    for (number, name) in ["ada", "jos\u{e9}"].enumerated() {
      items[id(UInt64(number))] = UInt64(number)
      names[name] = id(UInt64(number))
    }
    let rows = RowsInMemory()
    items.eachUnsaved { rows.take([$0]) }
    names.eachUnsaved {
      #expect($0.target == 2)
      rows.take([$0])
    }
    var kept = FoldTable<String, Identifier>(129, pointingTo: 2).on(rows)
    #expect(kept.count == 2)
    #expect(kept["ada"] == id(0))
    #expect(kept["jos\u{e9}"] == id(1))
    #expect(kept["bea"] == nil)
    kept["ada"] = nil
    #expect(kept["ada"] == nil && kept.count == 1)
    var changes: [FoldChange] = []
    kept.eachUnsaved { changes.append($0) }
    #expect(changes == [FoldChange(table: 129, key: Array("ada".utf8), value: nil, target: 2)])
  }
}

extension FoldTable {
  fileprivate func on(_ rows: RowsInMemory) -> FoldTable {
    var table = self
    table.rebase(onto: rows)
    return table
  }
}

extension History {
  /// The fold restored from its stored rows.
  var kept: History? { History(state: state, rows: RowsInMemory(unsavedRows)) }
}
