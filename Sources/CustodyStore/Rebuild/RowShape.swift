/// What the record of a row of each table looks like: by this a page is known to which no tree leads any more.
enum RowShape {
  private enum Column {
    case integer
    case text
    /// The row's own number, which is not in its record.
    case rowID
    case blob(Int? = nil)
    case optional(Int? = nil)

    func takes(_ cell: StoredRow.Cell) -> Bool {
      switch (self, cell) {
      case (.integer, .integer), (.text, .text), (.rowID, .null), (.optional, .null): true
      case (.blob(let count), .blob(let bytes)), (.optional(let count), .blob(let bytes)):
        count == nil || count == bytes.count
      default: false
      }
    }
  }

  /// An envelope looks like a member but for the hash at its end. A request is not told from a member, and an exchange is only
  /// taken where its tree leads to it: a page that was let go of may have an older one.
  private static let shapes: [(table: StoredTable, columns: [Column])] = [
    (.migration, [.text]),
    (.vault, [.rowID, .blob(16), .blob(32)]),
    (.keyWrap, [.blob(16), .integer, .integer, .integer, .optional(), .blob(32)]),
    (.item, [.blob(16), .integer, .optional(32), .integer, .integer, .integer, .integer]),
    (.revision, [.blob(16), .integer, .integer, .integer, .optional()]),
    (.envelope, [.blob(16), .integer, .integer, .blob(16), .integer, .optional(), .blob(32)]),
    (.member, [.blob(16), .integer, .integer, .blob(16), .integer, .blob(), .optional()]),
    (.metadataKey, [.blob(16), .integer, .blob()]),
    (.note, [.integer, .integer, .blob(16), .integer, .blob()]),
    (.logEntry, [.rowID, .integer, .blob()]),
    (.logNode, [.rowID, .blob(32)]),
    (.checkpoint, [.rowID, .blob(16), .blob(32), .blob(64)]),
  ]

  static func table(of cells: [StoredRow.Cell]) -> StoredTable? {
    shapes.first { shape in
      shape.columns.count == cells.count && zip(shape.columns, cells).allSatisfy { $0.takes($1) }
    }?.table
  }

  /// Nil where cells are missing. Those of a column that was added are left out.
  static func row(_ table: StoredTable, _ rowID: Int64, _ cells: [StoredRow.Cell]) -> StoredRow? {
    let count = table.columns.count
    guard cells.count >= count else { return nil }
    var cells = Array(cells.prefix(count))
    let isNumbered = [.vault, .logEntry, .logNode, .checkpoint].contains(table)
    if isNumbered, cells[0] == .null { cells[0] = .integer(rowID) }
    return StoredRow(table, cells)
  }
}
