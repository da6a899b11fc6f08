package import CustodyValues

package struct VaultRow: Equatable, Sendable {
  package var id: Identifier
  package var auditKey: Digest

  package init(id: Identifier, auditKey: Digest) {
    (self.id, self.auditKey) = (id, auditKey)
  }

  init(_ row: any Row) throws(StoreError) {
    id = try row.identifier(0)
    auditKey = try row.digest(1)
  }
}

/// What opens a seed, and the sealed seed.
package struct SeedColumns: Equatable, Sendable {
  package var passes: UInt64
  /// In bytes.
  package var memory: UInt64
  package var salt: [UInt8]
  /// 0: a passphrase opens it; 1: that and a key file; 2: a key file alone.
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

package struct MemberRow: Equatable, Sendable {
  package var id: Identifier
  package var seed: SeedColumns
  /// The founder had none.
  package var request: [UInt8]?

  package init(id: Identifier, seed: SeedColumns, request: [UInt8]?) {
    (self.id, self.seed, self.request) = (id, seed, request)
  }

  init(_ row: any Row) throws(StoreError) {
    id = try row.identifier(0)
    seed = try SeedColumns(row, from: 1)
    request = try row.optionalBlob(6)
  }

  var values: [Value] { [.identifier(id)] + seed.values + [.optional(request)] }
}

/// A member before approval.
package struct RequestRow: Equatable, Sendable {
  package var id: Identifier
  package var seed: SeedColumns
  package var request: [UInt8]

  package init(id: Identifier, seed: SeedColumns, request: [UInt8]) {
    (self.id, self.seed, self.request) = (id, seed, request)
  }

  init(_ row: any Row) throws(StoreError) {
    id = try row.identifier(0)
    seed = try SeedColumns(row, from: 1)
    request = try row.blob(6)
  }

  var values: [Value] { [.identifier(id)] + seed.values + [.blob(request)] }
}

package struct KeyWrapRow: Equatable, Sendable {
  package enum Kind: Int64, Sendable { case vault = 1, audit = 2 }

  /// `.none`: sealed under the key of its kind of the epoch in which it was sealed.
  package var recipient: Identifier
  /// The newest epoch then.
  package var sealedIn: UInt64
  /// Of the key in it.
  package var epoch: UInt64
  package var kind: Kind
  /// Nil once the member lost the right to it.
  package var sealed: [UInt8]?
  /// Of what was sealed.
  package var sha256: Digest

  package init(
    recipient: Identifier, sealedIn: UInt64, epoch: UInt64, kind: Kind, sealed: [UInt8]?, sha256: Digest
  ) {
    (self.recipient, self.sealedIn, self.epoch, self.kind) = (recipient, sealedIn, epoch, kind)
    (self.sealed, self.sha256) = (sealed, sha256)
  }

  init(_ row: any Row) throws(StoreError) {
    recipient = try row.identifier(0)
    sealedIn = try row.count(1)
    epoch = try row.count(2)
    kind = try row.kind(3)
    sealed = try row.optionalBlob(4)
    sha256 = try row.digest(5)
  }
}
