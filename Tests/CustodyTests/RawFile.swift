import CSQLite
import Foundation

/// A vault's file in the hands of someone who has SQLite and no key.
final class RawFile {
  struct Failure: Error { let text: String }
  private var database: OpaquePointer?

  init(_ path: String) throws {
    guard sqlite3_open(path, &database) == SQLITE_OK else { throw Failure(text: "cannot open \(path)") }
  }

  deinit { sqlite3_close(database) }

  func run(_ sql: String) throws {
    guard sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else {
      throw Failure(text: "\(String(cString: sqlite3_errmsg(database))): \(sql.prefix(200))")
    }
  }

  func rows(_ sql: String) throws -> [[String]] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK else { throw Failure(text: sql) }
    defer { sqlite3_finalize(statement) }
    var rows: [[String]] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      rows.append(
        (0..<sqlite3_column_count(statement)).map {
          sqlite3_column_text(statement, $0).map { String(cString: $0) } ?? "NULL"
        })
    }
    return rows
  }

  /// Name, and place in the primary key from 1, or 0.
  func columns(of table: String) throws -> [(name: String, key: Int)] {
    try rows("PRAGMA table_info(\"\(table)\")").map { ($0[1], Int($0[5]) ?? 0) }
  }

  /// Every row's cells as SQL literals.
  func literals(of table: String) throws -> [[String]] {
    let names = try columns(of: table).map { "quote(\"\($0.name)\")" }
    return try rows("SELECT \(names.joined(separator: ", ")) FROM \"\(table)\"")
  }

  /// `WHERE` for one row: by its primary key, or by all of its cells.
  func place(of row: [String], in table: String) throws -> String {
    let columns = try columns(of: table)
    let isKeyed = columns.contains { $0.key > 0 }
    let terms = zip(columns, row).filter { !isKeyed || $0.0.key > 0 }.map { "\"\($0.0.name)\" IS \($0.1)" }
    return terms.joined(separator: " AND ")
  }
}

/// Other literals that someone might put in the place of one.
enum Mutation {
  static func of(_ literal: String) -> [(what: String, literal: String)] {
    if let number = Int64(literal) { return [("add 1", "\(number + 1)"), ("negate", "\(-number - 1)")] }
    if literal == "NULL" { return [("fill", "x'00'")] }
    guard literal.hasPrefix("X'"), literal.count > 5 else { return [("alter", "'other'")] }
    let digits = Array(literal.dropFirst(2).dropLast())
    func flipped(_ place: Int) -> String {
      var digits = digits
      let value = (digits[place].hexDigitValue ?? 0) ^ 1
      digits[place] = Character(String(value, radix: 16))
      return "X'\(String(digits))'"
    }
    return [
      ("flip first", flipped(0)), ("flip middle", flipped(digits.count / 2)), ("flip last", flipped(digits.count - 1)),
      ("cut", "X'\(String(digits.dropLast(2)))'"), ("extend", "X'\(String(digits))00'"),
    ]
  }
}
