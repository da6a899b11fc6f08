import CustodyTesting
import Foundation

/// Changes of one row that anyone who can write the file can make.
enum RowFault: String, CaseIterable, Sendable {
  case dropped, zeroed, malformed, doubled, foreign
}

/// One change of one row, as SQL.
struct RowChange {
  let table: String
  let fault: RowFault
  /// The cell, where one is zeroed or has what its column never has.
  let column: String?
  let number: Int
  /// Its item, where it has one.
  let item: String?
  /// Its member, where it is one's own.
  let member: String?
  /// The epoch in which a wrapped key was sealed.
  let sealedIn: UInt64?
  let sql: String

  var name: String { "\(table) \(number), \(fault.rawValue)\(column.map { " \($0)" } ?? "")" }
}

extension RawFile {
  /// Every change of every row of a table, of which `other` has rows of another vault.
  func changes(of table: String, _ other: RawFile) throws -> [RowChange] {
    let (columns, rows) = (try columns(of: table), try literals(of: table))
    let foreign = try other.literals(of: table)
    var changes: [RowChange] = []
    for (number, row) in rows.enumerated() {
      let place = try place(of: row, in: table)
      let named = Dictionary(zip(columns.map(\.name), row)) { one, _ in one }
      let item = table == "item" ? named["id"] : named["item"]
      let member = table == "member" ? named["id"] : table == "key_wrap" ? named["recipient"] : nil
      func add(_ fault: RowFault, _ sql: String, column: String? = nil) {
        changes.append(
          RowChange(
            table: table, fault: fault, column: column, number: number, item: item, member: member,
            sealedIn: named["sealed_in"].flatMap { UInt64($0) }, sql: sql))
      }
      add(.dropped, "DELETE FROM \"\(table)\" WHERE \(place)")
      for (column, literal) in zip(columns, row) where column.key == 0 && literal.hasPrefix("X'") {
        let zero = "zeroblob(length(\"\(column.name)\"))"
        add(.zeroed, "UPDATE \"\(table)\" SET \"\(column.name)\" = \(zero) WHERE \(place)", column: column.name)
      }
      for (column, literal) in zip(columns, row) where column.key == 0 && literal != "NULL" {
        let wrong = literal.hasPrefix("X'") ? "x'00'" : "-1"
        add(.malformed, "UPDATE \"\(table)\" SET \"\(column.name)\" = \(wrong) WHERE \(place)", column: column.name)
      }
      if let key = Self.otherKeys[table] {
        let values = columns.map { column in key[column.name] ?? "\"\(column.name)\"" }.joined(separator: ", ")
        add(.doubled, "INSERT INTO \"\(table)\" SELECT \(values) FROM \"\(table)\" WHERE \(place)")
      }
      if number < foreign.count {
        let values = foreign[number].joined(separator: ", ")
        add(.foreign, "DELETE FROM \"\(table)\" WHERE \(place); INSERT OR REPLACE INTO \"\(table)\" VALUES (\(values))")
      }
    }
    return changes
  }

  /// Columns to change so that the same row can stand twice. The row of `vault` can't.
  private static let otherKeys: [String: [String: String]] = [
    "migration": ["name": "'0000-before'"],
    "member": ["id": "randomblob(16)"], "request": ["id": "randomblob(16)"],
    "key_wrap": ["recipient": "randomblob(16)"], "item": ["id": "randomblob(16)", "tag": "NULL"],
    "revision": ["generation": "generation + 7"], "envelope": ["recipient": "randomblob(16)"],
    "metadata_key": ["generation": "generation + 7"], "note": ["entry": "entry + 1000"],
    "exchange": ["item": "(SELECT id FROM item WHERE id NOT IN (SELECT item FROM exchange) LIMIT 1)"],
    "log_entry": ["position": "position + 1000"], "log_node": ["place": "place + 1000"],
    "checkpoint": ["size": "size + 1000"],
  ]
}
