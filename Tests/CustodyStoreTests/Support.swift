import CSQLite
import CustodySystem
import CustodyValues
import CustodyStore
import Foundation
import Testing

/// Every test runs over each engine.
enum Engine: CaseIterable {
  case sqlite

  func create(_ path: String, busyTimeout: Int32 = 5000) throws -> Store {
    try Store.create(at: path, options: options(busyTimeout))
  }

  func open(_ path: String, busyTimeout: Int32 = 5000) throws -> Store {
    try Store.connect(to: path, options: options(busyTimeout))
  }

  private func options(_ busyTimeout: Int32) -> SQLiteOptions {
    var options = SQLiteOptions()
    options.busyTimeout = busyTimeout
    return options
  }
}

/// A folder that goes with its owner.
final class Folder {
  let path: String
  var vault: String { path + "/vault" }

  init() throws {
    path = NSTemporaryDirectory() + "custody-store-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

struct RawError: Error {
  let message: String
}

/// Runs any SQL without our checks, as somebody can who has the file and no key.
@discardableResult
func raw(_ path: String, _ sql: String) throws -> [[String?]] {
  var connection: OpaquePointer?
  defer { sqlite3_close(connection) }
  guard sqlite3_open(path, &connection) == SQLITE_OK else { throw RawError(message: "open") }
  var rows: [[String?]] = []
  let code = withUnsafeMutablePointer(to: &rows) { rows in
    sqlite3_exec(
      connection, sql,
      { context, count, values, _ in
        let row = (0..<Int(count)).map { column in values?[column].map { String(cString: $0) } }
        context?.assumingMemoryBound(to: [[String?]].self).pointee.append(row)
        return 0
      }, rows, nil)
  }
  guard code == SQLITE_OK else { throw RawError(message: String(cString: sqlite3_errmsg(connection))) }
  return rows
}

func run(_ command: String...) throws -> Int32 {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = command
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}

/// Only root may mount, and not in every container.
let canMount: Bool = {
  guard getuid() == 0, let folder = try? Folder() else { return false }
  guard (try? run("mount", "-t", "tmpfs", "tmpfs", folder.path)) == 0 else { return false }
  return (try? run("umount", folder.path)) == 0
}()

func expect(_ error: StoreError, _ body: () throws -> Void, at location: SourceLocation = #_sourceLocation) {
  #expect(throws: error, sourceLocation: location) { try body() }
}
