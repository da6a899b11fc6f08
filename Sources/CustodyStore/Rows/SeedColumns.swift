internal import CustodyValues

/// A sealed seed, with the parameters that open it.
package struct SeedColumns: Equatable, Sendable {
  package var passes: UInt64
  /// Argon2id's memory, in bytes.
  package var memory: UInt64
  package var salt: [UInt8]
  /// The factors that open the seed. 0: a passphrase; 1: a passphrase and a key file; 2: a key file.
  package var keyFile: UInt64
  package var seed: [UInt8]

  package init(passes: UInt64, memory: UInt64, salt: [UInt8], keyFile: UInt64, seed: [UInt8]) {
    (self.passes, self.memory, self.salt) = (passes, memory, salt)
    (self.keyFile, self.seed) = (keyFile, seed)
  }

  init(_ row: any Row, from column: Int) throws(StoreError) {
    passes = try row.count(column)
    memory = try row.count(column + 1)
    salt = try row.blob(column + 2)
    keyFile = try row.count(column + 3)
    seed = try row.blob(column + 4)
  }

  var values: [Value] { [.count(passes), .count(memory), .blob(salt), .count(keyFile), .blob(seed)] }
}
