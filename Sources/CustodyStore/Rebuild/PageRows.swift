/// Reads every readable row of a damaged file, page by page. A page belongs to a table if a tree leads to it; any
/// other page is assigned by the shape of its rows. Which rows are right is for the vault's log to say.
struct PageRows {
  private let file: PageFile
  /// The table of each page to which a tree leads.
  private var tables: [Int: StoredTable] = [:]
  private(set) var schema: [SQLiteSchema.Object] = []
  /// Pages that were read as part of the schema table.
  private var schemaPages: Set<Int> = []
  /// Pages of the trees that are partly out of bounds or can't be read.
  private(set) var damaged: Set<Int> = []
  /// Bytes that may still be read from overflow chains, which a forged file could make cross one another.
  private var budget: Int

  init(_ file: PageFile) {
    self.file = file
    budget = 4 * file.count * file.pageSize
    readSchema()
  }

  // MARK: Trees

  private mutating func readSchema() {
    var roots: [(table: StoredTable, page: Int)] = []
    schemaPages = walk(from: 1)
    for number in schemaPages.sorted() {
      for (_, cells) in rows(number) {
        guard cells.count == 5, case .text(let type) = cells[0], case .text(let name) = cells[1],
          case .text(let table) = cells[2]
        else { continue }
        var sql: String?
        if case .text(let text) = cells[4] { sql = text }
        schema.append(SQLiteSchema.Object(type: type, name: name, table: table, sql: sql))
        if type == "table", let table = StoredTable(rawValue: name), case .integer(let page) = cells[3] {
          roots.append((table, Int(clamping: page)))
        }
      }
    }
    for (table, root) in roots {
      for page in walk(from: root) where tables[page] == nil && !schemaPages.contains(page) { tables[page] = table }
    }
  }

  /// All pages that can be reached from a tree's root.
  private mutating func walk(from root: Int) -> Set<Int> {
    var (found, waiting): (Set<Int>, [Int]) = ([], [root])
    while let number = waiting.popLast() {
      guard number >= 1, number <= file.count, found.insert(number).inserted else { continue }
      guard let page = TreePage(file.page(number), number: number, usable: file.usable) else {
        found.remove(number)
        damaged.insert(number)
        continue
      }
      if page.isDamaged { damaged.insert(number) }
      waiting += page.children
    }
    return found
  }

  // MARK: Rows

  /// Visits all rows, those on pages of a known table first.
  mutating func each(_ body: (StoredRow) throws(StoreError) -> Void) throws(StoreError) {
    for isKnown in [true, false] {
      for number in 1...max(1, file.count) where (tables[number] != nil) == isKnown && !schemaPages.contains(number) {
        for (rowID, cells) in rows(number) {
          let table = tables[number] ?? RowShape.table(of: cells)
          if let table, let row = RowShape.row(table, rowID, cells) { try body(row) }
        }
      }
    }
    damaged.formUnion(file.refused)
  }

  private mutating func rows(_ number: Int) -> [(Int64, [StoredRow.Cell])] {
    guard let page = TreePage(file.page(number), number: number, usable: file.usable), page.kind.holdsRows else {
      return []
    }
    var rows: [(Int64, [StoredRow.Cell])] = []
    for cell in page.cells {
      guard let payload = page.payload(cell, usable: file.usable), let record = record(payload),
        let cells = PageRecord.cells(record)
      else {
        damaged.insert(number)
        continue
      }
      rows.append((payload.rowID, cells))
    }
    return rows
  }

  /// The record of a row, with its overflow pages; nil if a part is missing.
  private mutating func record(_ payload: TreePage.Payload) -> [UInt8]? {
    var (record, next) = (payload.local, payload.rest)
    while record.count < payload.count {
      guard next >= 1, next <= file.count, budget > 0 else { return nil }
      let page = file.page(next)
      budget -= page.count
      next = Int(page.number(0, 4))
      record += page[4..<min(file.usable, 4 + payload.count - record.count)]
    }
    return record
  }
}
