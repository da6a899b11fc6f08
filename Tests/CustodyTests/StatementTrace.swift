import CSQLite
import Synchronization

/// The statements that SQLite is given for one file, by connections that are opened while they are traced.
enum StatementTrace {
  struct Statement {
    let text: String
    /// It ran in no transaction, and so began one of its own.
    let isAlone: Bool
  }

  private static let traced = Mutex<[String: [Statement]]>([:])

  /// Once a process: each connection tells what it runs, and what is not of a traced file is passed over.
  private static let isHooked: Bool = {
    let hook: @convention(c) (OpaquePointer?, OpaquePointer?, OpaquePointer?) -> Int32 = { connection, _, _ in
      sqlite3_trace_v2(
        connection, UInt32(SQLITE_TRACE_STMT),
        { _, _, statement, text in
          if let statement, let text { StatementTrace.note(OpaquePointer(statement), text) }
          return 0
        }, nil)
    }
    return sqlite3_auto_extension(unsafeBitCast(hook, to: (@convention(c) () -> Void).self)) == SQLITE_OK
  }()

  private static func note(_ statement: OpaquePointer, _ text: UnsafeMutableRawPointer) {
    let connection = sqlite3_db_handle(statement)
    guard let name = sqlite3_db_filename(connection, "main") else { return }
    let path = String(cString: name)
    let isAlone = sqlite3_get_autocommit(connection) != 0
    let words = String(cString: text.assumingMemoryBound(to: CChar.self))
    traced.withLock { $0[path]?.append(Statement(text: words, isAlone: isAlone)) }
  }

  /// Returns the statements that `body` makes SQLite run on the file at this path.
  static func of(_ path: String, _ body: () throws -> Void) throws -> [Statement] {
    guard isHooked else { return [] }
    traced.withLock { $0[path] = [] }
    defer { traced.withLock { $0[path] = nil } }
    try body()
    return traced.withLock { $0[path] ?? [] }
  }
}
