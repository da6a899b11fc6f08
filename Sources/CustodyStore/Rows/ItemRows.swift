package import CustodyValues

package struct ItemRow: Equatable, Sendable {
  package enum Kind: Int64, Sendable { case connector = 1, token = 2 }

  package var id: Identifier
  package var kind: Kind
  /// Nil once it is retired.
  package var tag: Digest?
  /// The newest of each.
  package var revision: UInt64
  package var generation: UInt64
  package var metadataGeneration: UInt64
  /// Position of the entry whose note has its details.
  package var details: UInt64

  package init(
    id: Identifier, kind: Kind, tag: Digest?, revision: UInt64, generation: UInt64, metadataGeneration: UInt64,
    details: UInt64
  ) {
    (self.id, self.kind, self.tag) = (id, kind, tag)
    (self.revision, self.generation) = (revision, generation)
    (self.metadataGeneration, self.details) = (metadataGeneration, details)
  }

  /// How many columns of a joined row are its own.
  static let columns = 7

  init(_ row: any Row) throws(StoreError) {
    id = try row.identifier(0)
    kind = try row.kind(1)
    tag = try row.optionalDigest(2)
    revision = try row.count(3)
    generation = try row.count(4)
    metadataGeneration = try row.count(5)
    details = try row.count(6)
  }
}

package struct RevisionRow: Equatable, Sendable {
  package var item: Identifier
  package var revision: UInt64
  package var generation: UInt64
  package var entry: UInt64
  /// Nil once the item is retired.
  package var secret: [UInt8]?

  package init(item: Identifier, revision: UInt64, generation: UInt64, entry: UInt64, secret: [UInt8]?) {
    (self.item, self.revision, self.generation) = (item, revision, generation)
    (self.entry, self.secret) = (entry, secret)
  }

  init(_ row: any Row) throws(StoreError) {
    item = try row.identifier(0)
    revision = try row.count(1)
    generation = try row.count(2)
    entry = try row.count(3)
    secret = try row.optionalBlob(4)
  }
}

package struct EnvelopeRow: Equatable, Sendable {
  package enum Kind: Int64, Sendable { case dataKey = 1, metadataKey = 2 }

  package var item: Identifier
  package var kind: Kind
  /// Of the key in it.
  package var generation: UInt64
  /// `.none`: a metadata key, sealed to the audit key.
  package var recipient: Identifier
  package var entry: UInt64
  /// Nil where it was taken back or replaced.
  package var sealed: [UInt8]?
  package var sha256: Digest

  package init(
    item: Identifier, kind: Kind, generation: UInt64, recipient: Identifier, entry: UInt64, sealed: [UInt8]?,
    sha256: Digest
  ) {
    (self.item, self.kind, self.generation, self.recipient) = (item, kind, generation, recipient)
    (self.entry, self.sealed, self.sha256) = (entry, sealed, sha256)
  }

  init(_ row: any Row) throws(StoreError) {
    item = try row.identifier(0)
    kind = try row.kind(1)
    generation = try row.count(2)
    recipient = try row.identifier(3)
    entry = try row.count(4)
    sealed = try row.optionalBlob(5)
    sha256 = try row.digest(6)
  }
}

/// The metadata key before, sealed under the one of this generation.
package struct MetadataKeyRow: Equatable, Sendable {
  package var item: Identifier
  package var generation: UInt64
  package var previous: [UInt8]

  package init(item: Identifier, generation: UInt64, previous: [UInt8]) {
    (self.item, self.generation, self.previous) = (item, generation, previous)
  }

  init(_ row: any Row) throws(StoreError) {
    item = try row.identifier(0)
    generation = try row.count(1)
    previous = try row.blob(2)
  }
}

/// Sealed text of a log entry about an item.
package struct NoteRow: Equatable, Sendable {
  package enum Kind: Int64, CaseIterable, Sendable { case details = 1, reason = 2, destination = 3, expiry = 4 }

  package var entry: UInt64
  package var kind: Kind
  package var item: Identifier
  /// Of the metadata key that seals it.
  package var generation: UInt64
  package var sealed: [UInt8]

  package init(entry: UInt64, kind: Kind, item: Identifier, generation: UInt64, sealed: [UInt8]) {
    (self.entry, self.kind, self.item) = (entry, kind, item)
    (self.generation, self.sealed) = (generation, sealed)
  }

  init(_ row: any Row) throws(StoreError) {
    entry = try row.count(0)
    kind = try row.kind(1)
    item = try row.identifier(2)
    generation = try row.count(3)
    sealed = try row.blob(4)
  }
}
