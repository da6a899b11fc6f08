/// The SQL of every step, embedded in the binary. Until the first release there is one file; from then on a
/// released one is never edited, and a house test pins its SHA-256.
package enum Migrations {
  /// In the order in which they are applied. A house test compares this list with the folder.
  package static var sqlite: [(name: String, sql: [UInt8])] {
    [("0001-vault", PackageResources.sqlite_0001_vault_sql)]
  }

  /// What all of them make, as the store reads it back. A test of the store holds it against them.
  package static var sqliteSchema: [UInt8] { PackageResources.sqlite_schema_txt }
}
