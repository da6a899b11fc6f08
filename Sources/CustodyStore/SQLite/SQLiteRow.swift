internal import CSQLite
internal import CustodyValues

/// A prepared statement and its current row.
@safe final class SQLiteRow: Row {
  private let statement: OpaquePointer
  private let places: [Int32]
  let table: StaticString
  /// True between the first step and the reset. A second run within the first needs a statement of its own.
  var isRunning = false

  init(_ source: Statement, on connection: OpaquePointer) throws(StoreError) {
    var prepared: OpaquePointer?
    let code = source.sql.withUTF8Buffer { text in
      unsafe text.withMemoryRebound(to: CChar.self) { text in
        unsafe sqlite3_prepare_v3(
          connection, text.baseAddress, Int32(text.count), UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
      }
    }
    // The statement's text is ours, so an error in it means that the schema lacks what it names.
    if code == SQLITE_ERROR { throw .schemaMismatch(source.table.description) }
    guard code == SQLITE_OK, let prepared = unsafe prepared else { throw unsafe .sqlite(code, on: connection) }
    unsafe statement = prepared
    table = source.table
    // SQLite numbers "$2" by its first place in the text, not by its name.
    let count = unsafe sqlite3_bind_parameter_count(prepared)
    places = (0..<count).map { unsafe sqlite3_bind_parameter_index(prepared, "$\($0 + 1)") }
  }

  deinit { unsafe sqlite3_finalize(statement) }

  func bind(_ values: [Value]) -> Int32 {
    guard values.count == places.count else { return SQLITE_RANGE }
    for (value, place) in zip(values, places) {
      let code = bind(value, at: place)
      if code != SQLITE_OK { return code }
    }
    return SQLITE_OK
  }

  private func bind(_ value: Value, at place: Int32) -> Int32 {
    switch value {
    case .null: unsafe sqlite3_bind_null(statement, place)
    case .integer(let integer): unsafe sqlite3_bind_int64(statement, place, integer)
    case .blob(let bytes): unsafe bytes.withUnsafeBytes { unsafe bind($0, at: place) }
    case .identifier(let identifier): unsafe identifier.bytes.withUnsafeBytes { unsafe bind($0, at: place) }
    case .digest(let digest): unsafe digest.withUnsafeBytes { unsafe bind($0, at: place) }
    case .text(let text):
      unsafe Array(text.utf8).withUnsafeBytes { bytes in
        unsafe bytes.withMemoryRebound(to: CChar.self) {
          unsafe csqlite_bind_text(statement, place, $0.baseAddress, Int32(clamping: $0.count))
        }
      }
    }
  }

  private func bind(_ bytes: UnsafeRawBufferPointer, at place: Int32) -> Int32 {
    // SQLite's own limit is below this, and it copies no more.
    guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
    return unsafe csqlite_bind_blob(statement, place, bytes.baseAddress, count)
  }

  func step() -> Int32 { unsafe sqlite3_step(statement) }

  func reset() { unsafe sqlite3_reset(statement) }

  // MARK: Columns

  func isNull(_ column: Int) -> Bool { isType(SQLITE_NULL, column) }

  private func isType(_ type: Int32, _ column: Int) -> Bool {
    unsafe sqlite3_column_type(statement, Int32(truncatingIfNeeded: column)) == type
  }

  func integer(_ column: Int) throws(StoreError) -> Int64 {
    guard isType(SQLITE_INTEGER, column) else { throw malformed }
    return unsafe sqlite3_column_int64(statement, Int32(truncatingIfNeeded: column))
  }

  func blob(_ column: Int) throws(StoreError) -> [UInt8] { unsafe [UInt8](try bytes(column)) }

  func digest(_ column: Int) throws(StoreError) -> Digest {
    let bytes = unsafe try bytes(column)
    guard bytes.count == Digest.count else { throw malformed }
    return unsafe Digest { unsafe $0.copyMemory(from: bytes) }
  }

  func text(_ column: Int) throws(StoreError) -> String {
    guard isType(SQLITE_TEXT, column),
      let text = unsafe sqlite3_column_text(statement, Int32(truncatingIfNeeded: column))
    else { throw malformed }
    let count = unsafe sqlite3_column_bytes(statement, Int32(truncatingIfNeeded: column))
    let bytes = unsafe UnsafeBufferPointer(start: text, count: Int(count))
    guard let text = unsafe String(validating: bytes, as: UTF8.self) else { throw malformed }
    return text
  }

  private func bytes(_ column: Int) throws(StoreError) -> UnsafeRawBufferPointer {
    guard isType(SQLITE_BLOB, column) else { throw malformed }
    let column = Int32(truncatingIfNeeded: column)
    let start = unsafe sqlite3_column_blob(statement, column)
    let count = unsafe Int(sqlite3_column_bytes(statement, column))
    return unsafe UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
  }
}
