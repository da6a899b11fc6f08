/// A table's rows in order, read a page at a time as they are asked for: several tables can be gone through side by side.
package struct RowPages<Row> {
  private var page: ArraySlice<Row> = []
  private var isAtEnd = false
  private var last: Row?
  private let read: (Row?) throws -> [Row]
  private let precedes: (Row, Row) -> Bool

  /// `read` returns those behind a row, or the first ones; an empty page is the end.
  package init(_ read: @escaping (Row?) throws -> [Row], precedes: @escaping (Row, Row) -> Bool) {
    (self.read, self.precedes) = (read, precedes)
  }

  /// The next one. It stays the next.
  package mutating func peek() throws -> Row? {
    if page.isEmpty, !isAtEnd {
      page = try read(last)[...]
      isAtEnd = page.isEmpty
    }
    guard let row = page.first else { return nil }
    // In a file that was made to have no end rows come again.
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
  /// Of one level of the tree, from its first.
  package func nodePages(level: Int) -> RowPages<NodeRow> {
    RowPages(
      { [self] last in try nodes(level: level, from: last.map { $0.number + 1 } ?? 0) },
      precedes: { $0.number < $1.number })
  }

  /// Smallest first, from `size` on.
  package func checkpointPages(from size: UInt64) -> RowPages<CheckpointRow> {
    RowPages(
      { [self] last in try checkpoints(from: last.map { $0.size + 1 } ?? size) }, precedes: { $0.size < $1.size })
  }

  /// In the order of their entries and kinds.
  package func notePages() -> RowPages<NoteRow> {
    RowPages(
      { [self] last in try notes(after: last) },
      precedes: { ($0.entry, $0.kind.rawValue) < ($1.entry, $1.kind.rawValue) })
  }
}
