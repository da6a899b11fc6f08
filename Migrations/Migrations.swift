/// The SQL of every step, embedded in the binary. A landed file is never edited; a house test pins its SHA-256.
package enum Migrations {
  /// In the order in which they are applied. A house test compares this list with the folder.
  package static var sqlite: [(name: String, sql: [UInt8])] {
    [
      ("0001-vault", PackageResources.sqlite_0001_vault_sql),
      ("0002-cosignature", PackageResources.sqlite_0002_cosignature_sql),
      ("0003-exchange", PackageResources.sqlite_0003_exchange_sql),
    ]
  }

  /// What all of them make, as the store reads it back. A test of the store holds it against them.
  package static var sqliteSchema: [UInt8] { PackageResources.sqlite_schema_txt }
}
