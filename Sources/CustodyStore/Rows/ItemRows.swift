package import CustodyMemory

package struct ItemRow: Equatable, Sendable {
  package enum Kind: Int64, Sendable { case connector = 1, token = 2 }

  package var id: Identifier
  package var kind: Kind
  /// Nil once it is retired.
  package var tag: Digest?
  /// The newest of each.
  package var revision: UInt64
  package var generation: UInt64

  package init(id: Identifier, kind: Kind, tag: Digest?, revision: UInt64, generation: UInt64) {
    (self.id, self.kind, self.tag) = (id, kind, tag)
    (self.revision, self.generation) = (revision, generation)
  }

  init(_ row: any Row) throws(StoreError) {
    id = try row.identifier(0)
    kind = try row.kind(1)
    tag = try row.optionalDigest(2)
    revision = try row.count(3)
    generation = try row.count(4)
  }
}

package struct RevisionRow: Equatable, Sendable {
  package var item: Identifier
  package var revision: UInt64
  package var generation: UInt64
  package var entry: UInt64
  package var metadata: [UInt8]
  package var secret: [UInt8]

  package init(
    item: Identifier, revision: UInt64, generation: UInt64, entry: UInt64, metadata: [UInt8], secret: [UInt8]
  ) {
    (self.item, self.revision, self.generation) = (item, revision, generation)
    (self.entry, self.metadata, self.secret) = (entry, metadata, secret)
  }

  init(_ row: any Row) throws(StoreError) {
    item = try row.identifier(0)
    revision = try row.count(1)
    generation = try row.count(2)
    entry = try row.count(3)
    metadata = try row.blob(4)
    secret = try row.blob(5)
  }
}

package struct EnvelopeRow: Equatable, Sendable {
  package var item: Identifier
  package var generation: UInt64
  /// `.none`: the metadata key, sealed to the audit key.
  package var recipient: Identifier
  package var entry: UInt64
  /// Nil where it was taken back or replaced.
  package var sealed: [UInt8]?
  package var sha256: Digest

  package init(
    item: Identifier, generation: UInt64, recipient: Identifier, entry: UInt64, sealed: [UInt8]?, sha256: Digest
  ) {
    (self.item, self.generation, self.recipient) = (item, generation, recipient)
    (self.entry, self.sealed, self.sha256) = (entry, sealed, sha256)
  }

  init(_ row: any Row) throws(StoreError) {
    item = try row.identifier(0)
    generation = try row.count(1)
    recipient = try row.identifier(2)
    entry = try row.count(3)
    sealed = try row.optionalBlob(4)
    sha256 = try row.digest(5)
  }
}

/// The metadata key of the generation before, sealed under this one's.
package struct GenerationRow: Equatable, Sendable {
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

/// Sealed free text of a log entry about an item.
package struct NoteRow: Equatable, Sendable {
  package var entry: UInt64
  package var item: Identifier
  package var generation: UInt64
  package var sealed: [UInt8]

  package init(entry: UInt64, item: Identifier, generation: UInt64, sealed: [UInt8]) {
    (self.entry, self.item, self.generation, self.sealed) = (entry, item, generation, sealed)
  }

  init(_ row: any Row) throws(StoreError) {
    entry = try row.count(0)
    item = try row.identifier(1)
    generation = try row.count(2)
    sealed = try row.blob(3)
  }
}
