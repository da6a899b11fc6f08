package import CustodyValues

extension Store {
  package func entry(_ position: UInt64) throws(StoreError) -> EntryRow? {
    try first(SQL.entry, [.count(position)], EntryRow.init)
  }

  /// Visits the entries from `position` on, in order.
  package func eachEntry(from position: UInt64 = 0, _ body: (EntryRow) throws -> Void) throws {
    try each(SQL.entries, [.count(position)], EntryRow.init, body)
  }

  /// The last position plus one. Whether all entries before it exist is for the log's verifier to say.
  package func entryCount() throws(StoreError) -> UInt64 {
    try first(SQL.entryCount, []) { row throws(StoreError) in try row.count(0) } ?? 0
  }

  package func insert(_ entry: EntryRow) throws(StoreError) {
    try change(SQL.insertEntry, [.count(entry.position), .count(entry.epoch), .blob(entry.sealed)])
  }

  // MARK: Nodes

  package func node(level: Int, number: UInt64) throws(StoreError) -> Digest? {
    guard let place = NodeRow.place(level: level, number: number) else { return nil }
    return try first(SQL.node, [.count(place)]) { row throws(StoreError) in try row.digest(1) }
  }

  /// Visits all nodes level by level, the leaves first.
  package func eachNode(_ body: (NodeRow) throws -> Void) throws { try each(SQL.nodes, [], NodeRow.init, body) }

  /// A page of the nodes of one level, from `number` on.
  package func nodes(level: Int, from number: UInt64) throws(StoreError) -> [NodeRow] {
    guard let first = NodeRow.place(level: level, number: number) else { return [] }
    let next = NodeRow.place(level: level + 1, number: 0) ?? .max
    return try page(SQL.nodesOfLevel, [.count(first), .count(min(next, UInt64(Int64.max)))], NodeRow.init)
  }

  /// Adds a node. It replaces one of the same place, which somebody put there although the log does not know of it.
  package func put(_ node: NodeRow) throws(StoreError) {
    guard let place = NodeRow.place(level: node.level, number: node.number) else {
      throw .malformed(table: "log_node")
    }
    try change(SQL.putNode, [.count(place), .digest(node.hash)])
  }

  // MARK: Checkpoints

  package func newestCheckpoint() throws(StoreError) -> CheckpointRow? {
    try first(SQL.newestCheckpoint, [], CheckpointRow.init)
  }

  package func checkpoint(size: UInt64) throws(StoreError) -> CheckpointRow? {
    try first(SQL.checkpoint, [.count(size)], CheckpointRow.init)
  }

  /// A page of checkpoints from `size` on, the smallest first.
  package func checkpoints(from size: UInt64) throws(StoreError) -> [CheckpointRow] {
    try page(SQL.checkpointPage, [.count(size)], CheckpointRow.init)
  }

  /// Visits the checkpoints from `size` on, the smallest first.
  package func eachCheckpoint(from size: UInt64 = 0, _ body: (CheckpointRow) throws -> Void) throws {
    try each(SQL.checkpoints, [.count(size)], CheckpointRow.init, body)
  }

  package func insert(_ row: CheckpointRow) throws(StoreError) {
    try change(
      SQL.insertCheckpoint, [.count(row.size), .identifier(row.signer), .digest(row.root), .blob(row.signature)])
  }
}

private enum SQL {
  static let entry = Statement("log_entry", "SELECT position, epoch, sealed FROM log_entry WHERE position = $1")
  static let entries = Statement(
    "log_entry", "SELECT position, epoch, sealed FROM log_entry WHERE position >= $1 ORDER BY position")
  // Walks to the end of the tree; count(*) would visit every page.
  static let entryCount = Statement(
    "log_entry", "SELECT position + 1 FROM log_entry ORDER BY position DESC LIMIT 1")
  static let insertEntry = Statement(
    "log_entry", "INSERT INTO log_entry (position, epoch, sealed) VALUES ($1, $2, $3)")

  static let node = Statement("log_node", "SELECT place, hash FROM log_node WHERE place = $1")
  static let nodes = Statement("log_node", "SELECT place, hash FROM log_node ORDER BY place")
  static let nodesOfLevel = Statement(
    "log_node", "SELECT place, hash FROM log_node WHERE place >= $1 AND place < $2 ORDER BY place LIMIT 256 OFFSET $3")
  static let putNode = Statement(
    "log_node", "INSERT INTO log_node (place, hash) VALUES ($1, $2) ON CONFLICT (place) DO UPDATE SET hash = $2")

  static let newestCheckpoint = Statement(
    "checkpoint", "SELECT size, signer, root, signature FROM checkpoint ORDER BY size DESC")
  static let checkpoint = Statement(
    "checkpoint", "SELECT size, signer, root, signature FROM checkpoint WHERE size = $1")
  static let checkpoints = Statement(
    "checkpoint", "SELECT size, signer, root, signature FROM checkpoint WHERE size >= $1 ORDER BY size")
  static let checkpointPage = Statement(
    "checkpoint",
    "SELECT size, signer, root, signature FROM checkpoint WHERE size >= $1 ORDER BY size LIMIT 256 OFFSET $2")
  static let insertCheckpoint = Statement(
    "checkpoint", "INSERT INTO checkpoint (size, signer, root, signature) VALUES ($1, $2, $3, $4)")
}
