@testable import CustodyEvidence
import CustodyCrypto
import CustodyValues
import Synchronization

@testable import Custody
@testable import CustodyLog

extension FuzzTarget {
  /// An entry of its own writes each byte, or chooses what the fold is handed: see `Play`. A first byte of 255 is for a log as
  /// it stands in a tile.
  static let history = FuzzTarget(
    name: "history", longest: 12_288,
    seeds: {
      let raw: [UInt8] = try Seeds.log.prefix(12).reduce([255]) { $0 + EntryBundle.frame($1) }
      // Founding, enrolments, a connector, a token of it, then something of everything.
      let whole: [UInt8] = (0..<36).reduce([0]) { $0 + [UInt8($1), 0, 0, 0, UInt8($1), 1, 2, 3, 4, 5, 6, 7, 8] }
      let some: [UInt8] = [2, 7, 18, 13, 27, 11]
      return [raw, whole, some.reduce([0, 0, 0]) { $0 + [$1] + [UInt8](repeating: 0, count: 16) }]
    }, run: fold(log:))

  private static func fold(log bytes: [UInt8]) throws {
    var folded = History()
    if bytes.first == 255 {
      for entry in EntryBundle.parse(Array(bytes.dropFirst())) ?? [] {
        guard let found = try? folded.fold(entry, attest: { _ in }) else { break }
        try write(found, folded)
      }
    } else {
      var play = Play(Feed(bytes.dropFirst()))
      try play.run(40, write)
      folded = play.history
    }
    guard folded.size > 0 else { return }
    let rows = MemoryRows(folded.unsavedRows)
    guard let kept = History(state: folded.state, rows: rows) else { throw Broken("a fold is not read again") }
    try hold(kept.state == folded.state, "a fold's state is read as it was written")
    try read(kept)
    try hold(!kept.isDamaged, "a fold's rows are read as they were written")
    try hold(kept.rowCounts == folded.rowCounts, "a fold has all its rows")
  }

  /// All forms in which an entry leaves.
  private static func write(_ folded: FoldedEntry, _ history: History) throws {
    let leaf = MerkleTree.leafHash(folded.bytes)
    guard let entry = folded.valid else {
      let void = history.voidEntry(at: folded.position)
      try hold(void != nil, "an entry that does not count is void")
      if let void, let line = VoidLine(void, folded.bytes, leaf: leaf, history.members, origin: history.origin) {
        _ = (JSONLines.void(line), CSV.row(line))
      }
      return
    }
    let line = LogLine(
      entry, at: folded.position, leaf: leaf, among: history.members, RolesThen(), name: nil, reason: nil)
    guard let line else { throw Broken("a valid entry is by a member") }
    _ = (JSONLines.entry(line, .entry, proof: nil), CSV.row(line), CEF.line(line), ECS.line(line))
    _ = try OCSF.line(line)
  }

  /// Asks a fold all that a session asks.
  private static func read(_ history: History) throws {
    for item in history.items {
      _ = (history.grants(of: item), history.epoch(at: item.stored.position), history.items[item.id])
      for member in history.members { _ = history.isMetadataKeyStale(of: item, for: member.id, at: item.stored.time) }
    }
    for member in history.members { _ = (history.member(named: member.name), member.isActive) }
    for void in history.voids { _ = history.voidEntry(at: void.position) }
    for cosignature in history.recordedCosignatures { _ = cosignature.time }
    _ = (history.count(of: .connector), history.count(of: .token), history.activeMembers.count, history.auditKey)
    for tag in history.tags { _ = history.items[tag] }
  }

  /// Parts of a kept fold, as an insider who has its key could have sealed them. The first byte chooses the part.
  static let fold = FuzzTarget(
    name: "fold", longest: 8192,
    seeds: {
      let history = try Seeds.folded()
      let head = FoldHead(
        size: history.size, root: history.tree.root, counts: history.rowCounts, state: history.state)
      let rows = history.unsavedRows
      var seeds: [[UInt8]] = rows.filter { $0.target == nil }.map { [2, $0.table] + ($0.value ?? []) }
      seeds.append([0] + head.bytes(FoldShape(last: 9, buckets: 1)))
      seeds.append([1] + [UInt8](repeating: 1, count: 24))
      let members = rows.filter { [1, 6, 7].contains($0.table) }, items = rows.filter { [4, 5].contains($0.table) }
      for rows in [members, members + items.suffix(2)] {
        let all: [UInt8] = rows.reduce([]) { $0 + [$1.table] + block($1.key) + block($1.value ?? []) }
        seeds.append([3] + block(history.state) + block(all) + [7, 0, 0, 0, 0, 27, 0, 0, 0, 0])
      }
      return seeds
    }, run: read(fold:))

  private static func read(fold bytes: [UInt8]) throws {
    let rest = Array(bytes.dropFirst())
    switch bytes.first {
    case 0:
      guard let (head, shape) = FoldHead.read(rest) else { return }
      guard let (again, _) = FoldHead.read(head.bytes(shape)) else { throw Broken("a head is not read again") }
      try hold(again == head, "a head is read as it was written")
      guard let history = History(state: head.state, rows: MemoryRows([], counts: head.counts)) else { return }
      try read(history)
    case 1:
      guard var bucket = FoldBucket(rest) else { return }
      try hold(bucket.bytes == rest, "a bucket is written in one way")
      _ = bucket.split { $0 & 1 == 0 }
      for mark in [0, 1, .max] as [UInt64] { _ = bucket.number(of: mark) }
      for count in [0, 1, 2, 3, .max] as [UInt32] {
        try hold(FoldIndex.bucket(of: .max, in: count) < max(count, 1), "a bucket is one of those that there are")
      }
    case 2: try read(row: Array(rest.dropFirst()), of: rest.first ?? 0)
    default: try read(snapshot: rest)
    }
  }

  private static func read(row bytes: [UInt8], of table: UInt8) throws {
    func again<Row: FoldRow>(_ type: Row.Type) throws {
      var reader = OctetReader(bytes)
      guard let row = try? Row(reading: &reader), reader.isAtEnd else { return }
      var out = OctetWriter()
      row.write(to: &out)
      var second = OctetReader(out.bytes)
      guard (try? Row(reading: &second)) != nil, second.isAtEnd else { throw Broken("a row is not read again") }
    }
    switch table {
    case FoldTables.members: try again(Member.self)
    case FoldTables.voids: try again(VoidEntry.self)
    case FoldTables.cosignatures: try again(RecordedCosignature.self)
    default: try again(Item.self)
    }
  }

  private static func read(snapshot bytes: [UInt8]) throws {
    var feed = Feed(bytes)
    let state = feed.block()
    var (rows, changes) = (Feed(feed.block()), [FoldChange]())
    while !rows.isEmpty { changes.append(FoldChange(table: rows.next(), key: rows.block(), value: rows.block())) }
    guard let history = History(state: state, rows: MemoryRows(changes)) else { return }
    try read(history)
    var play = Play(feed, on: history)
    try play.run(8) { _, _ in }
    try read(play.history)
  }
}

/// Rows in memory.
private final class MemoryRows: FoldBacking {
  private let rows: [UInt8: [[UInt8]: [UInt8]]]
  private let counts: [UInt8: Int]
  private let damaged = Mutex(false)

  init(_ changes: [FoldChange], counts: [UInt8: Int]? = nil) {
    var rows: [UInt8: [[UInt8]: [UInt8]]] = [:]
    for change in changes { rows[change.table, default: [:]][change.key] = change.value }
    (self.rows, self.counts) = (rows, counts ?? rows.mapValues(\.count))
  }

  var isDamaged: Bool { damaged.withLock { $0 } }
  func noteDamage() { damaged.withLock { $0 = true } }
  func count(table: UInt8) -> Int { counts[table] ?? 0 }
  func read(table: UInt8, key: [UInt8]) -> [UInt8]? { rows[table]?[key] }
  func target(table: UInt8, key: [UInt8], in target: UInt8) -> [UInt8]? { rows[table]?[key] }
  func page(table: UInt8, after: [UInt8]) -> FoldPage {
    FoldPage(rows: (rows[table] ?? [:]).map { ($0.key, $0.value) }, next: nil)
  }
}
