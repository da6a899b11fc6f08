import CustodyStore
import Foundation
import Testing

/// Before a step changes a vault, what was there is copied beside it.
struct BackupTests {
  let folder: Folder
  private var backup: String { folder.vault + ".before-0002" }
  private static let names = ["0001-vault", "0002-more"]

  /// A vault of the first format.
  init() throws {
    folder = try Folder()
    try filled(.sqlite, folder).close()
  }

  /// The options of a later Custody, with one more migration.
  private var later: SQLiteOptions {
    var options = SQLiteOptions()
    options.migrations.append((Self.names[1], Array("CREATE TABLE more (x INTEGER NOT NULL) STRICT;".utf8)))
    return options
  }

  private func steps(_ path: String) throws -> [String?] {
    try raw(path, "SELECT name FROM migration ORDER BY name").map { $0[0] }
  }

  @Test func `an older vault is copied and then migrated, and nothing is lost`() throws {
    let before = try raw(folder.vault, "SELECT position, hex(sealed) FROM log_entry")
    let store = try Store.connect(to: folder.vault, options: later)
    #expect(try store.counts()["log_entry"] == 3)
    store.close()
    #expect(try steps(folder.vault) == Self.names)
    #expect(try steps(backup) == ["0001-vault"])
    #expect(try raw(backup, "PRAGMA integrity_check")[0][0] == "ok")
    #expect(try raw(backup, "SELECT position, hex(sealed) FROM log_entry") == before)
    #expect(try raw(folder.vault, "SELECT position, hex(sealed) FROM log_entry") == before)
    #expect(try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int == 0o600)
    let copied = try Data(contentsOf: URL(fileURLWithPath: backup))
    try Store.connect(to: folder.vault, options: later).close()
    #expect(try Data(contentsOf: URL(fileURLWithPath: backup)) == copied)
    // The copy is a vault as good as the first, and is migrated in turn.
    try Store.connect(to: backup, options: later).close()
    #expect(try steps(backup) == Self.names)
  }

  @Test func `what was written last and lies in the log beside the file is in the copy`() throws {
    let writer = try Store.connect(to: folder.vault)
    var request = Cast.request
    request.id = Cast.id(66)
    try writer.write { try writer.insert(request) }
    try Store.connect(to: folder.vault, options: later).close()
    let id = String(repeating: "42", count: 16)
    #expect(try raw(backup, "SELECT count(*) FROM request WHERE id = x'\(id)'")[0][0] == "1")
    writer.close()
  }

  @Test func `a new vault has nothing to copy`() throws {
    try Store.create(at: folder.path + "/new", options: later).close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("before") } == [])
    #expect(try steps(folder.path + "/new") == Self.names)
  }

  @Test func `where the copy can't be made nothing is migrated`() throws {
    try FileManager.default.createDirectory(atPath: backup + ".draft", withIntermediateDirectories: true)
    #expect(throws: StoreError.self) { _ = try Store.connect(to: folder.vault, options: later) }
    #expect(try steps(folder.vault) == ["0001-vault"])
    try FileManager.default.removeItem(atPath: backup + ".draft")
    try Store.connect(to: folder.vault, options: later).close()
    #expect(try steps(folder.vault) == Self.names)
  }

  @Test(.enabled("needs the right to mount", { canMount }))
  func `an older vault that can't be written is named for what it is`() throws {
    try raw(folder.vault, "PRAGMA journal_mode = DELETE")
    #expect(try run("mount", "--bind", folder.path, folder.path) == 0)
    defer { _ = try? run("umount", folder.path) }
    #expect(try run("mount", "-o", "remount,ro,bind", folder.path) == 0)
    expect(.older("0002-more")) { _ = try Store.connect(to: folder.vault, options: later) }
  }
}
