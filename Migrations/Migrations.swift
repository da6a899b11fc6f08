/// The SQL of every migration step, embedded in the binary. Until the first release there is one file. After that, a
/// released file is never edited, and a house test pins its SHA-256.
package enum Migrations {
  /// The steps, in the order in which they are applied. A house test compares this list with the folder.
  package static var sqlite: [(name: String, sql: [UInt8])] {
    [("0001-vault", PackageResources.sqlite_0001_vault_sql)]
  }

  /// The schema that all steps together make, as the store reads it back. A test of the store compares the two.
  package static var sqliteSchema: [UInt8] { PackageResources.sqlite_schema_txt }
}
