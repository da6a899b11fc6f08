import CustodySystem
import CustodyValues
import CustodyStore
import Foundation
import Testing

@Suite struct OpeningTests {
  let folder: Folder
  init() throws { folder = try Folder() }

  private func expectOpen(_ error: StoreError, at location: SourceLocation = #_sourceLocation) {
    expect(error, { _ = try Store.connect(to: folder.vault) }, at: location)
  }

  private func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: folder.vault)) }

  @Test func `the file and its logs are open to their owner only`() throws {
    let store = try filled(.sqlite, folder)
    defer { store.close() }
    for suffix in ["", "-wal", "-shm"] {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.vault + suffix)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
  }

  @Test func `the settings that durability and wiping rest on are on`() throws {
    try filled(.sqlite, folder).close()
    let database = try SQLiteDatabase.connect(to: folder.vault, options: SQLiteOptions())
    func integer(_ statement: Statement) throws -> Int64 {
      var value: Int64 = -1
      try database.run(statement, []) { row throws(StoreError) in
        value = try row.integer(0)
        return true
      }
      return value
    }
    #expect(try integer(Statement("", "PRAGMA synchronous")) == 2)
    #expect(try integer(Statement("", "PRAGMA secure_delete")) == 1)
    #expect(try integer(Statement("", "PRAGMA foreign_keys")) == 1)
    #expect(try integer(Statement("", "PRAGMA trusted_schema")) == 0)
    #expect(try integer(Statement("", "PRAGMA cell_size_check")) == 1)
    #expect(try integer(Statement("", "PRAGMA temp_store")) == 2)
    #expect(try integer(Statement("", "PRAGMA mmap_size")) == 0)
    #expect(try integer(Statement("", "PRAGMA application_id")) == 0x4375_7374)
    var mode = ""
    try database.run(Statement("", "PRAGMA journal_mode"), []) { row throws(StoreError) in
      mode = try row.text(0)
      return true
    }
    #expect(mode == "wal")
    // Defensive: nobody edits the schema's text through this connection.
    try? database.execute(script: Array("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema".utf8))
    try database.checkSchema(after: 1)
  }

  @Test func `a vault is not made over a file, a link or in no folder`() throws {
    try write([1])
    expect(.alreadyExists) { _ = try Store.create(at: folder.vault) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.vault)) == Data([1]))
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: folder.path + "/new")
    expect(.alreadyExists) { _ = try Store.create(at: folder.path + "/link") }
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/new"))
    expect(.notFound) { _ = try Store.create(at: folder.path + "/none/vault") }
  }

  @Test func `what is no vault is refused and left as it is`() throws {
    expectOpen(.notFound)
    try write([])
    expectOpen(.notAVault)
    try write(Array("not a database, but long enough to have a header: ".utf8) + [UInt8](repeating: 65, count: 5000))
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.vault))
    expectOpen(.notAVault)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.vault)) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["vault"])
  }

  @Test func `another program's database is refused and left as it is`() throws {
    try raw(folder.vault, "CREATE TABLE other (x); PRAGMA application_id = 7")
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.vault))
    expectOpen(.notAVault)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.vault)) == before)
  }

  @Test func `a folder and a pipe are no vaults`() throws {
    try FileManager.default.createDirectory(atPath: folder.vault, withIntermediateDirectories: false)
    expectOpen(.notAVault)
    #expect(mkfifo(folder.path + "/pipe", 0o600) == 0)
    expect(.notAVault) { _ = try Store.connect(to: folder.path + "/pipe") }
    expect(.notFound) { _ = try Store.connect(to: folder.path + "/") }
    expect(.notFound) { _ = try Store.connect(to: "") }
  }

  /// SQLite opens these by itself: a pipe would wait for ever, a link lead to another file, and a journal be played into the
  /// vault (issue 14).
  @Test(arguments: ["-wal", "-shm", "-journal"]) func `what lies beside a vault is a file of SQLite's, or it is named`(
    suffix: String
  ) throws {
    try filled(.sqlite, folder).close()
    let (place, files) = (folder.vault + suffix, FileManager.default)
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.vault))
    let ways: [() throws -> Void] = [
      { #expect(mkfifo(place, 0o600) == 0) },
      { try files.createSymbolicLink(atPath: place, withDestinationPath: "/dev/null") },
      { try files.createDirectory(atPath: place, withIntermediateDirectories: false) },
      { try Data(count: suffix == "-journal" ? 4096 : 0).write(to: URL(fileURLWithPath: place)) },
    ]
    for (number, way) in ways.enumerated() {
      try way()
      if number < 3 || suffix == "-journal" {
        // As it stands in the folder, its own links resolved.
        expectOpen(.inTheWay(try #require(realpath(folder.path, nil).map { String(cString: $0) }) + "/vault" + suffix))
      } else {
        try Store.connect(to: folder.vault).close()
      }
      try? files.removeItem(atPath: place)
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder.vault)) == before)
    }
  }

  @Test func `a link to a vault is refused, a vault in a linked folder is not`() throws {
    try filled(.sqlite, folder).close()
    let files = FileManager.default
    try files.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: folder.vault)
    expect(.symlink) { _ = try Store.connect(to: folder.path + "/link") }
    let other = try Folder()
    try files.createSymbolicLink(atPath: other.path + "/linked", withDestinationPath: folder.path)
    #expect(try Store.connect(to: other.path + "/linked/vault").vault() == Cast.vault)
  }

  @Test(arguments: ["with space", "q?mode=memory", "h#x", "p%41", "ünï", ":memory:"])
  func `a name is a name, whatever is in it`(name: String) throws {
    let path = folder.path + "/" + name
    let store = try Store.create(at: path)
    try Cast.fill(store)
    store.close()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [name])
    #expect(try Store.connect(to: path).vault() == Cast.vault)
  }

  @Test func `a network file system is refused and nothing is left on it`() throws {
    var options = SQLiteOptions()
    options.isNetworkFileSystem = { _ in true }
    expect(.networkFileSystem) { _ = try Store.create(at: folder.vault, options: options) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    try filled(.sqlite, folder).close()
    expect(.networkFileSystem) { _ = try Store.connect(to: folder.vault, options: options) }
  }

  @Test(.enabled("needs the right to mount", { canMount }))
  func `a vault on a read-only disk can be read and not written`() throws {
    #expect(try run("mount", "-t", "tmpfs", "tmpfs", folder.path) == 0)
    defer { _ = try? run("umount", folder.path) }
    try filled(.sqlite, folder).close()
    #expect(try run("mount", "-o", "remount,ro", folder.path) == 0)
    try expectReadOnly()
    expect(.readOnly) { _ = try Store.create(at: folder.path + "/new") }
  }

  @Test(.enabled("needs the right to mount", { canMount }))
  func `a read-only vault whose last rows are in a log that can't be read is refused, not read without them`() throws {
    let other = try Folder()
    let store = try filled(.sqlite, other)
    defer { store.close() }
    #expect(try run("mount", "-t", "tmpfs", "tmpfs", folder.path) == 0)
    defer { _ = try? run("umount", folder.path) }
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: other.vault + suffix, toPath: folder.vault + suffix)
    }
    #expect(try run("mount", "-o", "remount,ro", folder.path) == 0)
    expectOpen(.readOnly)
  }

  @Test(.enabled("needs the right to mount", { canMount }))
  func `a read-only file in a writable folder can be read and not written`() throws {
    try filled(.sqlite, folder).close()
    #expect(try run("mount", "--bind", folder.vault, folder.vault) == 0)
    defer { _ = try? run("umount", folder.vault) }
    #expect(try run("mount", "-o", "remount,ro,bind", folder.vault) == 0)
    try expectReadOnly()
  }

  @Test(.enabled("root may write everywhere", { getuid() != 0 }), arguments: [false, true])
  func `a file or folder without the right to write can be read`(whole: Bool) throws {
    try filled(.sqlite, folder).close()
    chmod(folder.vault, 0o400)
    if whole { chmod(folder.path, 0o500) }
    defer { chmod(folder.path, 0o700) }
    try expectReadOnly()
  }

  private func expectReadOnly() throws {
    let store = try Store.connect(to: folder.vault)
    defer { store.close() }
    #expect(store.isReadOnly)
    try Cast.readAll(store)
    expect(.readOnly) { try store.write { try store.deleteMember(Cast.founder.id) } }
    expect(.readOnly) { try store.deleteMember(Cast.founder.id) }
    #expect(try store.members().count == 2)
  }
}
