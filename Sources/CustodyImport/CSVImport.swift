internal import Custody
internal import CustodySecrets
internal import CustodyValues

/// A reader of tables with a header: Custody's own or KeePass's.
struct CSVImport {
  let map: ImportMap
  /// True for another tool's table, whose unknown columns are left out. In Custody's own an unknown column is an error.
  let isForeign: Bool

  private(set) var rows: [ImportRow] = []
  /// The columns' names by field.
  private(set) var labels: [ImportField: String] = [:]
  private(set) var leftOut: [String] = []

  init(map: ImportMap) {
    let own = Dictionary(ImportField.allCases.map { ($0.rawValue, $0) }) { first, _ in first }
    (self.map, isForeign) = (ImportMap(own).merging(map), false)
  }

  /// A table with the columns of KeePassXC, or of KeePass 1.x, which KeePass 2 can write too.
  init(keepass map: ImportMap) {
    let known: [String: ImportField] = [
      "Title": .name, "Username": .id, "Password": .secret, "Notes": .note, "Account": .name, "Login Name": .id,
      "Comments": .note,
    ]
    (self.map, isForeign) = (ImportMap(known).merging(map), true)
  }

  mutating func read(_ source: borrowing SecureBytes) throws {
    let start = source.hasByteOrderMark ? 3 : 0
    do {
      var text = CSVText(after: start)
      let header = try text.record(of: source) ?? []
      let columns = try self.columns(header, source)
      if isForeign, header.first.flatMap({ source.text($0.range, $0.escape) }) == "Account" {
        text = CSVText(after: text.end, usesBackslash: true, row: 2)
      }
      while true {
        let number = text.row
        guard let record = try text.record(of: source) else { return }
        guard record.count == columns.count else {
          throw VaultError.malformed(
            "row \(number)", "it has \(record.count) columns, and the header has \(columns.count)")
        }
        rows.append(try row(number, record, columns, source))
      }
    } catch let failure as CSVText.Failure {
      throw VaultError.malformed("row \(failure.row), column \(failure.column)", failure.fault.rawValue)
    }
  }

  private mutating func columns(_ header: [CSVText.Field], _ source: borrowing SecureBytes) throws -> [ImportField?] {
    var columns: [ImportField?] = []
    for field in header {
      guard let name = source.text(field.range, field.escape) else {
        throw VaultError.malformed("row 1, column \(columns.count + 1)", "it is not UTF-8")
      }
      switch try map.field(name) {
      case .field(let field):
        if let twice = labels.updateValue(name, forKey: field) {
          throw VaultError.malformed(
            "row 1", "columns \"\(twice)\" and \"\(name)\" are both the \(field.rawValue)",
            hint: "leave one out: \(step: .give(.noColumn(name)))")
        }
        columns.append(field)
      case .leftOut: columns.append(nil)
      case .unknown:
        guard isForeign else {
          throw VaultError.malformed(
            "row 1", "column \"\(PrintableText.escape(name))\" is not known",
            hint:
              "the columns are \(ImportField.names); \(step: .give(.mapping("COLUMN", to: "FIELD"))) renames one, \(step: .give(.mapping("COLUMN", to: "-"))) leaves it out"
          )
        }
        leftOut.append("column \"\(PrintableText.escape(name))\"")
        columns.append(nil)
      }
    }
    for needed in [ImportField.name, .secret] where labels[needed] == nil {
      throw VaultError.malformed(
        "row 1", "there is no column \"\(needed.rawValue)\"",
        hint: "say which it is: \(step: .give(.mapping("COLUMN", to: needed.rawValue)))")
    }
    return columns
  }

  private func row(
    _ number: Int, _ record: [CSVText.Field], _ columns: [ImportField?], _ source: borrowing SecureBytes
  ) throws -> ImportRow {
    var row = ImportRow(place: .row(number))
    for (field, column) in zip(record, columns) where !field.range.isEmpty {
      guard let column else { continue }
      guard column != .secret else {
        row.secret = .bytes(field.range, field.escape)
        continue
      }
      guard let text = source.text(field.range, field.escape) else {
        throw VaultError.malformed("row \(number), column \"\(labels[column] ?? "")\"", "it is not UTF-8")
      }
      row.fields[column] = text
    }
    return row
  }
}
