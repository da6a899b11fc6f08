import Custody
import CustodyLog
import CustodySystem
import CustodyValues
import CustodyTesting
import Foundation
import Testing

struct KeptFoldStoreTests {
  private let place: FoldPlace

  init() throws { place = try FoldPlace() }

  @Test func `what was kept is read, by itself and in a walk`() throws {
    let made = try #require(try place.make(600, names: 5))
    let opened = try #require(place.open())
    for kept in [made, opened] {
      #expect(kept.head == FoldPlace.head(10, items: 600, names: 5))
      #expect(place.values(kept, 600) == (0..<600).map { FoldPlace.value($0) })
      #expect(kept.read(table: 1, key: FoldPlace.key(600)) == nil)
      #expect(kept.read(table: 2, key: FoldPlace.key(0)) == nil)
      #expect(FoldPlace.walk(kept).count == 600)
      #expect(kept.read(table: 129, key: FoldPlace.name(4)) == FoldPlace.value(4))
      #expect(FoldPlace.walk(kept, table: 129)[FoldPlace.name(3)] == FoldPlace.value(3))
      #expect(kept.count(table: 129) == 5)
      #expect(!kept.isDamaged)
      kept.close()
    }
  }

  @Test func `the file is its owner's alone, and tells no name`() throws {
    try place.make(20, names: 5)?.close()
    for name in place.names {
      #expect(try FileStatus(place.folder + "/" + name).mode == 0o600, "\(name)")
      let bytes = try Data(contentsOf: URL(fileURLWithPath: place.folder + "/" + name))
      #expect(bytes.range(of: Data("member-".utf8)) == nil, "\(name)")
      #expect(bytes.range(of: Data("value".utf8)) == nil, "\(name)")
    }
    #expect(place.names == ["vault.fold", "vault.fold-shm", "vault.fold-wal", "vault.fold.lock"])
  }

  @Test func `rows and head change together, and who has it open sees what they saw`() throws {
    try place.make(10)?.close()
    let kept = try #require(place.open())
    let changes = FoldPlace.items(3..<5, round: 1) + [FoldChange(table: 1, key: FoldPlace.key(9), value: nil)]
    #expect(kept.save(changes, FoldPlace.head(12, items: 9), place.keys))
    #expect(kept.read(table: 1, key: FoldPlace.key(3)) == FoldPlace.value(3))
    #expect(kept.read(table: 1, key: FoldPlace.key(9)) == FoldPlace.value(9))
    let after = try #require(place.open())
    #expect(after.head.size == 12)
    #expect(after.read(table: 1, key: FoldPlace.key(3)) == FoldPlace.value(3, 1))
    #expect(after.read(table: 1, key: FoldPlace.key(9)) == nil)
    #expect(FoldPlace.walk(after).count == 9)
    // The same session again, on what it saved itself.
    #expect(kept.save(FoldPlace.items(5..<6, round: 2), FoldPlace.head(13, items: 9), place.keys))
    #expect(place.open()?.read(table: 1, key: FoldPlace.key(5)) == FoldPlace.value(5, 2))
    #expect(!kept.isDamaged && !after.isDamaged)
  }

  @Test func `of two that began alike the second is not kept`() throws {
    try place.make(10)?.close()
    let one = try #require(place.open())
    let two = try #require(place.open())
    #expect(one.save(FoldPlace.items(0..<1, round: 1), FoldPlace.head(11, items: 10), place.keys))
    #expect(!two.save(FoldPlace.items(1..<2, round: 2), FoldPlace.head(15, items: 10), place.keys))
    let after = try #require(place.open())
    #expect(after.head.size == 11)
    #expect(place.values(after, 2) == [FoldPlace.value(0, 1), FoldPlace.value(1)])
    #expect(place.values(two, 2) == [FoldPlace.value(0), FoldPlace.value(1)])
  }

  @Test func `two first folds at once both finish`() throws {
    let one = try FoldDrafting(for: place.path, of: FoldPlace.vault, in: place.keys.arena)
    let two = try FoldDrafting(for: place.path, of: FoldPlace.vault, in: place.keys.arena)
    one.add(FoldPlace.items(0..<10), counts: [1: 10], size: 5)
    two.add(FoldPlace.items(0..<20), counts: [1: 20], size: 9)
    let first = try #require(one.finish(FoldPlace.head(10, items: 10), place.keys))
    let second = try #require(two.finish(FoldPlace.head(20, items: 20), place.keys))
    // The first goes on with its own, though another has its name.
    #expect(FoldPlace.walk(first).count == 10)
    #expect(!first.save(FoldPlace.items(0..<1, round: 1), FoldPlace.head(11, items: 10), place.keys))
    #expect(FoldPlace.walk(second).count == 20)
    #expect(place.open()?.head.size == 20)
    #expect(!first.isDamaged && !second.isDamaged)
  }

  @Test func `what is being made can be read, and is changed again`() throws {
    let draft = try FoldDrafting(for: place.path, of: FoldPlace.vault, in: place.keys.arena)
    var table = FoldTable<Identifier, UInt64>(1)
    func flush(_ size: UInt64) {
      var changes: [FoldChange] = []
      table.eachUnsaved { changes.append($0) }
      draft.add(changes, counts: [1: table.count], size: size)
      table.rebase(onto: draft)
    }
    func id(_ number: Int) -> Identifier { Identifier(FoldPlace.key(number)) ?? .none }
    for round in 0..<10 {
      for number in 0..<100 { table[id(round * 50 + number)] = UInt64(round) }
      if round == 5 { table[id(0)] = nil }
      flush(UInt64(round * 100))
      #expect(table.unsavedCount == 0)
    }
    #expect(table.count == 549)
    #expect(table[id(0)] == nil)
    #expect(table[id(10)] == 0)
    #expect(table[id(549)] == 9)
    #expect(!draft.isDamaged)
    let kept = try #require(draft.finish(FoldPlace.head(1000, items: table.count), place.keys))
    #expect(Array(FoldPlace.table(on: kept)).count == 549)
    #expect(!kept.isDamaged)
  }

  @Test func `a new epoch seals the fold's key again and no row`() throws {
    try place.make(10)?.close()
    let kept = try #require(place.open())
    place.keys.foldEpoch = 2
    #expect(kept.save(FoldPlace.items(0..<1, round: 1), FoldPlace.head(11, items: 10), place.keys))
    place.keys.newest = 2
    #expect(place.open().map { place.values($0, 2) } == [FoldPlace.value(0, 1), FoldPlace.value(1)])
    // A member who has only the first epoch's key can't open it any more.
    place.keys.newest = 1
    #expect(place.open() == nil)
  }

  @Test func `the index grows with the rows, a few at a time or many`() throws {
    try place.make(1)?.close()
    var count = 1
    for (round, more) in [1, 2, 60, 1, 200, 700, 3, 1500, 40].enumerated() {
      let kept = try #require(place.open())
      let head = FoldPlace.head(UInt64(11 + round), items: count + more)
      #expect(kept.save(FoldPlace.items(count..<count + more), head, place.keys))
      kept.close()
      count += more
      let after = try #require(place.open())
      #expect(place.values(after, count) == (0..<count).map { FoldPlace.value($0) })
      #expect(after.read(table: 1, key: FoldPlace.key(count)) == nil)
      #expect(FoldPlace.walk(after).count == count)
      #expect(!after.isDamaged)
    }
    let buckets = try RawFile(place.path).rows("SELECT count(*) FROM bucket").first?.first
    #expect(buckets == "\(count / 64)")
  }

  @Test func `the log is copied into the file once it is long`() throws {
    try place.make(2000)?.close()
    for round in 1..<20 {
      let kept = try #require(place.open())
      #expect(
        kept.save(FoldPlace.items(0..<2000, round: round), FoldPlace.head(UInt64(10 + round), items: 2000), place.keys))
      kept.close()
    }
    let kept = try #require(place.open())
    #expect(place.values(kept, 2000) == (0..<2000).map { FoldPlace.value($0, 19) })
    kept.close()
    let log = (try? FileStatus(place.path + "-wal"))?.size ?? 0
    #expect(log < 1 << 20)
  }

  @Test func `a draft that was left behind is removed by the next`() throws {
    let left = place.path + ".draft-1234"
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: left))
    try place.make(1)?.close()
    #expect(!FileManager.default.fileExists(atPath: left))
    do {
      let draft = try FoldDrafting(for: place.path, of: FoldPlace.vault, in: place.keys.arena)
      #expect(place.names.contains { $0.contains(".draft-") })
      // Not one that is at work.
      try place.make(2)?.close()
      draft.add(FoldPlace.items(0..<1), counts: [1: 1], size: 1)
      #expect(place.names.contains { $0.contains(".draft-") })
      #expect(draft.read(table: 1, key: FoldPlace.key(0)) == FoldPlace.value(0))
    }
    #expect(!place.names.contains { $0.contains(".draft-") })
  }
}
