/// The shape of each table's records, by which a page is assigned that no tree leads to.
enum RowShape {
  private enum Column {
    case integer
    case text
    /// The row number, which is not in the record.
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

  /// The shapes of the tables. An envelope differs from a member only in the hash at its end. Requests look like
  /// members and have no shape. Exchanges have none either, because a freed page may hold an older one.
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

  /// The table's row of these cells; nil if cells are missing. Cells of columns that were added later are left out.
  static func row(_ table: StoredTable, _ rowID: Int64, _ cells: [StoredRow.Cell]) -> StoredRow? {
    let count = table.columns.count
    guard cells.count >= count else { return nil }
    var cells = Array(cells.prefix(count))
    let isNumbered = [.vault, .logEntry, .logNode, .checkpoint].contains(table)
    if isNumbered, cells[0] == .null { cells[0] = .integer(rowID) }
    return StoredRow(table, cells)
  }
}
