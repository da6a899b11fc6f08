import CustodySystem
import CustodyValues
import CustodyStore
import Foundation
import Migrations
import Testing

@Suite struct SchemaTests {
  let folder: Folder
  init() throws {
    folder = try Folder()
    try filled(.sqlite, folder).close()
  }

  private func expectOpen(
    _ error: StoreError, _ options: SQLiteOptions = SQLiteOptions(), at location: SourceLocation = #_sourceLocation
  ) {
    expect(error, { _ = try Store.connect(to: folder.vault, options: options) }, at: location)
  }

  /// After a new migration: run this test, and copy the file that it names.
  @Test func `the embedded text is what the migrations make`() throws {
    let made = try SQLiteSchema.newest()
    guard made != Migrations.sqliteSchema else { return }
    let path = NSTemporaryDirectory() + "sqlite-schema.txt"
    try Data(made).write(to: URL(fileURLWithPath: path))
    Issue.record("it is not: cp \(path) Migrations/SQLite/sqlite-schema.txt")
  }

  @Test(arguments: [
    ("CREATE TRIGGER spy AFTER INSERT ON envelope BEGIN DELETE FROM item; END", "spy"),
    ("CREATE VIEW spy AS SELECT * FROM envelope", "spy"),
    ("CREATE TABLE spy (x)", "spy"),
    ("CREATE INDEX spy ON item (kind)", "spy"),
    ("ALTER TABLE envelope ADD COLUMN extra BLOB", "envelope"),
    ("ALTER TABLE item RENAME COLUMN kind TO sort", "item"),
    ("DROP TABLE note", "note"),
    ("ANALYZE", "sqlite_stat1"),
    ("DROP TABLE note; CREATE VIEW note AS SELECT 1 AS entry", "note"),
    ("DROP TABLE migration", "migration"),
  ])
  func `a changed schema is refused by the object's name`(sql: String, name: String) throws {
    try raw(folder.vault, sql)
    let before = try Data(contentsOf: URL(fileURLWithPath: folder.vault))
    expectOpen(.schemaMismatch(name))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.vault)) == before)
  }

  @Test func `a change in a table's text alone is refused`() throws {
    try raw(
      folder.vault,
      """
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = replace(sql, 'seed BLOB', 'seed BLOB CHECK (abs(1))') WHERE name = 'member'
      """)
    expectOpen(.schemaMismatch("member"))
  }

  @Test func `a vault of a newer version is refused`() throws {
    try raw(folder.vault, "INSERT INTO migration VALUES ('0002-later')")
    expectOpen(.newer("0002-later"))
  }

  @Test func `a list of migrations with a gap is refused`() throws {
    try raw(folder.vault, "UPDATE migration SET name = '0002-later' WHERE name = '0001-vault'")
    expectOpen(.schemaMismatch("migration"))
    try raw(folder.vault, "DELETE FROM migration")
    expectOpen(.schemaMismatch("migration"))
  }

  @Test func `an older vault gets the steps it lacks, once`() throws {
    var options = SQLiteOptions()
    options.migrations.append(("0002-more", Array("CREATE TABLE more (x INTEGER NOT NULL) STRICT;".utf8)))
    let store = try Store.connect(to: folder.vault, options: options)
    #expect(try store.vault() == Cast.vault)
    store.close()
    #expect(try raw(folder.vault, "SELECT name FROM migration").map { $0[0] } == ["0001-vault", "0002-more"])
    try Store.connect(to: folder.vault, options: options).close()
    expectOpen(.newer("0002-more"))
  }

  @Test func `a step that fails leaves the older vault`() throws {
    let before = try raw(folder.vault, "SELECT name, sql FROM sqlite_schema")
    var options = SQLiteOptions()
    options.migrations.append(("0002-more", Array("CREATE TABLE more (x); CREATE TABLE more (x);".utf8)))
    #expect(throws: StoreError.self) { _ = try Store.connect(to: folder.vault, options: options) }
    #expect(try raw(folder.vault, "SELECT name, sql FROM sqlite_schema") == before)
    try Store.connect(to: folder.vault).close()
  }

  @Test func `a step that fails makes no new vault`() throws {
    var options = SQLiteOptions()
    options.migrations.append(("0002-more", Array("CREATE TABLE item (x);".utf8)))
    let path = folder.path + "/new"
    #expect(throws: StoreError.self) { _ = try Store.create(at: path, options: options) }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
