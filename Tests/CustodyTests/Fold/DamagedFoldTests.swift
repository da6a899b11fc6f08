import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// After any change of its file, a fold is right or known to be damaged.
struct DamagedFoldTests {
  private let place: FoldPlace

  init() throws { place = try FoldPlace() }

  private var bytes: Data { (try? Data(contentsOf: URL(fileURLWithPath: place.path))) ?? Data() }

  private func write(_ bytes: Data) throws {
    for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: place.path + end) }
    try bytes.write(to: URL(fileURLWithPath: place.path))
  }

  private func run(_ sql: String) throws { try RawFile(place.path).run(sql) }

  /// Checks a fold that opens and is not known to be damaged: every row is as written, and a walk finds all rows, or
  /// another number of rows than the head has.
  private func expectRightOrDamaged(_ count: Int, _ what: String) {
    guard let kept = place.open() else { return }
    defer { kept.close() }
    let read = place.values(kept, count)
    let missing = kept.read(table: 1, key: FoldPlace.key(count))
    if kept.isDamaged { return }
    #expect(read == (0..<count).map { FoldPlace.value($0) }, "\(what)")
    #expect(missing == nil, "\(what)")
    let walked = FoldPlace.walk(kept)
    #expect(walked.count == count || kept.isDamaged || walked.count != kept.count(table: 1), "\(what)")
    #expect(kept.head == FoldPlace.head(10, items: count), "\(what)")
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7]) func `a flipped bit is harmless or found`(bit: Int) throws {
    let count = 25
    try place.make(count)?.close()
    let whole = bytes
    // Pages begin with what matters most. Of the rest every seventh byte, one bit each.
    for position in 0..<whole.count where position % 4096 < 64 || position % 56 == 7 * bit {
      var changed = whole
      changed[position] ^= 1 << bit
      try write(changed)
      expectRightOrDamaged(count, "bit \(bit) of byte \(position)")
    }
  }

  @Test func `a file that is cut, empty or something else is none`() throws {
    let count = 200
    try place.make(count)?.close()
    let whole = bytes
    for length in [0, 1, 15, 16, 99, 100, 4095, 4096, 8192, whole.count / 2, whole.count - 4096, whole.count - 1] {
      try write(whole.prefix(length))
      expectRightOrDamaged(count, "\(length) bytes")
    }
    try write(Data("not a database, but long enough to be one: ".utf8) + Data(repeating: 65, count: 9000))
    #expect(place.open() == nil)
    try write(Data(repeating: 0, count: whole.count))
    #expect(place.open() == nil)
  }

  @Test func `a row does not open in another's place`() throws {
    try place.make(10)?.close()
    try run(
      """
      UPDATE row SET sealed = (SELECT sealed FROM row WHERE place & 0xFFFFFFFF = 1) WHERE place & 0xFFFFFFFF = 2
      """)
    let kept = try #require(place.open())
    _ = place.values(kept, 10)
    #expect(kept.isDamaged)
    #expect(!kept.save(FoldPlace.items(0..<1, round: 1), FoldPlace.head(12, items: 10), place.keys))
  }

  @Test func `a row does not open in another table, nor under another size`() throws {
    for change in [
      "place = place + (1 << 32)", "size = 9", "size = 11", "size = -1", "sealed = x''", "place = place + 100",
    ] {
      try place.make(10)?.close()
      try run("UPDATE row SET \(change)")
      let kept = try #require(place.open())
      for number in 0..<10 {
        #expect(kept.read(table: 1, key: FoldPlace.key(number)) == nil, "\(change)")
        #expect(kept.read(table: 2, key: FoldPlace.key(number)) == nil, "\(change)")
      }
      _ = FoldPlace.walk(kept)
      let isCounted = Array(FoldPlace.table(on: kept)).isEmpty
      #expect(kept.isDamaged && isCounted, "\(change)")
    }
  }

  @Test func `a row newer than the head is refused`() throws {
    try place.make(10)?.close()
    let old = try RawFile(place.path).rows("SELECT size, epoch, hex(key), hex(sealed) FROM head")
    let kept = try #require(place.open())
    #expect(kept.save(FoldPlace.items(0..<1, round: 1), FoldPlace.head(12, items: 10), place.keys))
    kept.close()
    let row = try #require(old.first)
    try run("UPDATE head SET size = \(row[0]), epoch = \(row[1]), key = x'\(row[2])', sealed = x'\(row[3])'")
    let back = try #require(place.open())
    #expect(back.read(table: 1, key: FoldPlace.key(1)) == FoldPlace.value(1))
    #expect(back.read(table: 1, key: FoldPlace.key(0)) == nil)
    #expect(back.isDamaged)
  }

  @Test func `a fold of another vault is none`() throws {
    try place.make(10, of: FoldPlace.other)?.close()
    #expect(place.open() == nil)
    #expect(place.open(of: FoldPlace.other) != nil)
  }

  @Test func `a row of another vault does not open`() throws {
    let other = try FoldPlace()
    try other.make(10, of: FoldPlace.other)?.close()
    let foreign = try RawFile(other.path).rows("SELECT place, hex(sealed) FROM row")
    try place.make(10)?.close()
    for row in foreign { try run("UPDATE row SET sealed = x'\(row[1])' WHERE place = \(row[0])") }
    let kept = try #require(place.open())
    #expect(place.values(kept, 10).allSatisfy { $0 == nil })
    #expect(kept.isDamaged)
  }

  @Test func `a head that was changed is none`() throws {
    for change in [
      "size = 9", "size = 11", "size = -1", "epoch = 2", "epoch = -1", "key = x''", "sealed = x''",
      "sealed = substr(sealed, 1, 60)",
    ] {
      try place.make(3)?.close()
      try run("UPDATE head SET \(change)")
      #expect(place.open() == nil, "\(change)")
    }
    for change in ["DELETE FROM head", "DROP TABLE head", "PRAGMA user_version = 2", "PRAGMA application_id = 1"] {
      try place.make(3)?.close()
      try run(change)
      #expect(place.open() == nil, "\(change)")
    }
  }

  @Test func `a row that was taken out is missed, asked for or walked by`() throws {
    try place.make(10)?.close()
    try run("DELETE FROM row WHERE place & 0xFFFFFFFF = 4")
    let asked = try #require(place.open())
    #expect(asked.read(table: 1, key: FoldPlace.key(2)) != nil && !asked.isDamaged)
    #expect(asked.read(table: 1, key: FoldPlace.key(3)) == nil && asked.isDamaged)
    let walked = try #require(place.open())
    _ = Array(FoldPlace.table(on: walked))
    #expect(walked.isDamaged)
  }

  @Test func `a bucket of the index is there and opens, or the fold is damaged`() throws {
    for change in [
      "DELETE FROM bucket WHERE number = 2", "UPDATE bucket SET sealed = x''", "UPDATE bucket SET size = size - 1",
      "UPDATE bucket SET sealed = (SELECT sealed FROM bucket WHERE number = 1)",
      "UPDATE bucket SET number = number + 10",
    ] {
      try place.make(400)?.close()
      try run(change)
      let kept = try #require(place.open())
      let found = place.values(kept, 400)
      #expect(kept.isDamaged, "\(change)")
      #expect(zip(found, 0...).allSatisfy { $0 == nil || $0 == FoldPlace.value($1) }, "\(change)")
    }
  }

  @Test(arguments: ["link", "pipe", "folder", "dangling"])
  func `what is no file is refused, and a new fold takes its place`(kind: String) throws {
    let elsewhere = place.folder + "/elsewhere"
    try place.make(3)?.close()
    try FileManager.default.moveItem(atPath: place.path, toPath: elsewhere)
    switch kind {
    case "link": try FileManager.default.createSymbolicLink(atPath: place.path, withDestinationPath: elsewhere)
    case "dangling": try FileManager.default.createSymbolicLink(atPath: place.path, withDestinationPath: "nowhere")
    case "pipe": #expect(mkfifo(place.path, 0o600) == 0)
    default: try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: false)
    }
    #expect(place.open() == nil)
    let before = try Data(contentsOf: URL(fileURLWithPath: elsewhere))
    #expect((try place.make(5) != nil) == (kind != "folder"))
    #expect((place.open() != nil) == (kind != "folder"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: elsewhere)) == before)
    #expect(!place.names.contains { $0.contains(".draft-") })
  }

  @Test func `a folder that is not there keeps nothing`() throws {
    try FileManager.default.removeItem(atPath: place.folder)
    #expect(place.open() == nil)
    #expect(throws: (any Error).self) { try place.make(1) }
  }
}
