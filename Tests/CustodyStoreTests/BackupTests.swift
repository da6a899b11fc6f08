import CustodyStore
import Foundation
import Testing

/// Before a step changes a vault, what was there is copied beside it.
struct BackupTests {
  let folder: Folder
  private var backup: String { folder.vault + ".before-0002" }

  /// A vault of the first format.
  init() throws {
    folder = try Folder()
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/v1/vault.db").path
    try FileManager.default.copyItem(atPath: fixture, toPath: folder.vault)
    try raw(folder.vault, "PRAGMA journal_mode = WAL")
  }

  private func steps(_ path: String) throws -> [String?] {
    try raw(path, "SELECT name FROM migration ORDER BY name").map { $0[0] }
  }

  @Test func `an older vault is copied and then migrated, and nothing is lost`() throws {
    let before = try raw(folder.vault, "SELECT position, hex(sealed) FROM log_entry")
    let store = try Store.open(at: folder.vault)
    #expect(try store.counts()["cosignature"] == 0)
    store.close()
    #expect(try steps(folder.vault) == ["0001-vault", "0002-cosignature", "0003-exchange"])
    #expect(try steps(backup) == ["0001-vault"])
    #expect(try raw(backup, "PRAGMA integrity_check")[0][0] == "ok")
    #expect(try raw(backup, "SELECT position, hex(sealed) FROM log_entry") == before)
    #expect(try raw(folder.vault, "SELECT position, hex(sealed) FROM log_entry") == before)
    #expect(try FileManager.default.attributesOfItem(atPath: backup)[.posixPermissions] as? Int == 0o600)
    let copied = try Data(contentsOf: URL(fileURLWithPath: backup))
    try Store.open(at: folder.vault).close()
    #expect(try Data(contentsOf: URL(fileURLWithPath: backup)) == copied)
    // The copy is a vault as good as the first, and is migrated in turn.
    try Store.open(at: backup).close()
    #expect(try steps(backup) == ["0001-vault", "0002-cosignature", "0003-exchange"])
  }

  @Test func `what was written last and lies in the log beside the file is in the copy`() throws {
    var options = SQLiteOptions()
    options.migrations = [options.migrations[0]]
    let writer = try Store.open(at: folder.vault, options: options)
    try writer.write { try writer.insert(Cast.request) }
    try Store.open(at: folder.vault).close()
    #expect(try raw(backup, "SELECT count(*) FROM request WHERE id = x'06060606060606060606060606060606'")[0][0] == "1")
    writer.close()
  }

  @Test func `a new vault has nothing to copy`() throws {
    try Store.create(at: folder.path + "/new").close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("before") } == [])
  }

  @Test func `where the copy can't be made nothing is migrated`() throws {
    try FileManager.default.createDirectory(atPath: backup + ".draft", withIntermediateDirectories: true)
    #expect(throws: StoreError.self) { _ = try Store.open(at: folder.vault) }
    #expect(try steps(folder.vault) == ["0001-vault"])
    try FileManager.default.removeItem(atPath: backup + ".draft")
    try Store.open(at: folder.vault).close()
    #expect(try steps(folder.vault) == ["0001-vault", "0002-cosignature", "0003-exchange"])
  }

  @Test(.enabled("needs the right to mount", { canMount }))
  func `an older vault that can't be written is named for what it is`() throws {
    try raw(folder.vault, "PRAGMA journal_mode = DELETE")
    #expect(try run("mount", "--bind", folder.path, folder.path) == 0)
    defer { _ = try? run("umount", folder.path) }
    #expect(try run("mount", "-o", "remount,ro,bind", folder.path) == 0)
    expect(.older("0002-cosignature")) { _ = try Store.open(at: folder.vault) }
  }
}
