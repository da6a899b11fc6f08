/// The rows of a table in order, read page by page on demand, so that several tables can be walked side by side.
package struct RowPages<Row> {
  private var page: ArraySlice<Row> = []
  private var isAtEnd = false
  private var last: Row?
  private let read: (Row?) throws -> [Row]
  private let precedes: (Row, Row) -> Bool

  /// Walks a table.
  ///
  /// - Parameters:
  ///   - read: Returns the rows behind a row, or the first ones for nil. No rows mean the end.
  ///   - precedes: The order of the rows.
  package init(_ read: @escaping (Row?) throws -> [Row], precedes: @escaping (Row, Row) -> Bool) {
    (self.read, self.precedes) = (read, precedes)
  }

  /// The next row, which stays the next.
  package mutating func peek() throws -> Row? {
    if page.isEmpty, !isAtEnd {
      page = try read(last)[...]
      isAtEnd = page.isEmpty
    }
    guard let row = page.first else { return nil }
    // A forged file without an end returns rows again.
    if let last, !precedes(last, row) { throw StoreError.corrupt }
    return row
  }

  package mutating func next() throws -> Row? {
    guard let row = try peek() else { return nil }
    page.removeFirst()
    last = row
    return row
  }
}

extension Store {
  /// The nodes of one level of the tree, from the first.
  package func nodePages(level: Int) -> RowPages<NodeRow> {
    RowPages(
      { [self] last in try nodes(level: level, from: last.map { $0.number + 1 } ?? 0) },
      precedes: { $0.number < $1.number })
  }

  /// Checkpoints from `size` on, the smallest first.
  package func checkpointPages(from size: UInt64) -> RowPages<CheckpointRow> {
    RowPages(
      { [self] last in try checkpoints(from: last.map { $0.size + 1 } ?? size) }, precedes: { $0.size < $1.size })
  }

  /// All notes, by entry and kind.
  package func notePages() -> RowPages<NoteRow> {
    RowPages(
      { [self] last in try notes(after: last) },
      precedes: { ($0.entry, $0.kind.rawValue) < ($1.entry, $1.kind.rawValue) })
  }
}
