import CustodyCrypto
import CustodyLog
import CustodyValues

/// Details of entries about items, and scenes that use them.
extension Story {
  /// A value under the data key of a generation.
  func values(_ draft: inout EntryDraft, _ item: Identifier, _ revision: UInt64, _ generation: UInt64) {
    use(&draft, item, revision, generation)
    draft.set(.valueSHA256, Self.hash)
  }

  /// A value under a data key that this entry makes.
  func rekeyed(
    _ draft: inout EntryDraft, _ item: Identifier, _ revision: UInt64, _ generation: UInt64,
    without leftOut: [Person] = []
  ) {
    values(&draft, item, revision, generation)
    draft.set(.commitment, Self.hash)
    draft.set(.envelopesSHA256, Self.hash)
    if !leftOut.isEmpty { draft.set(.without, leftOut.map(\.id)) }
  }

  func newItem(_ draft: inout EntryDraft, _ item: Identifier, tag: UInt8) {
    rekeyed(&draft, item, 1, 1)
    metadataKey(&draft, 1)
    details(&draft)
    draft.set(.tag, SHA256.hash([tag]))
  }

  func newToken(_ draft: inout EntryDraft, _ item: Identifier, of connector: Identifier, tag: UInt8) {
    newItem(&draft, item, tag: tag)
    destination(&draft)
    draft.set(.connector, connector)
  }

  private func metadataKey(_ draft: inout EntryDraft, _ generation: UInt64) {
    draft.set(.metadataCommitment, Self.hash)
    draft.set(.metadataEnvelopesSHA256, Self.hash)
    draft.set(.metadataGeneration, generation)
  }

  /// A metadata key that replaces the one before.
  func renewal(_ draft: inout EntryDraft, _ item: Identifier, _ generation: UInt64) {
    draft.set(.item, item)
    metadataKey(&draft, generation)
    draft.set(.previousSHA256, Self.hash)
  }

  private func details(_ draft: inout EntryDraft) {
    draft.set(.metadataSHA256, Self.hash)
    draft.set(.sealedMetadataSHA256, Self.hash)
  }

  private func destination(_ draft: inout EntryDraft) {
    draft.set(.destinationSHA256, Self.hash)
    draft.set(.sealedDestinationSHA256, Self.hash)
  }

  func changed(_ draft: inout EntryDraft, _ item: Identifier, metadata generation: UInt64 = 1) {
    draft.set(.item, item)
    draft.set(.metadataGeneration, generation)
    details(&draft)
  }

  func confirmed(_ draft: inout EntryDraft, _ item: Identifier, metadata generation: UInt64 = 1) {
    draft.set(.item, item)
    draft.set(.metadataGeneration, generation)
    destination(&draft)
  }

  func reason(_ draft: inout EntryDraft, metadata generation: UInt64 = 1) {
    draft.set(.reasonSHA256, Self.hash)
    draft.set(.sealedReasonSHA256, Self.hash)
    draft.set(.metadataGeneration, generation)
  }

  func expiry(_ draft: inout EntryDraft, metadata generation: UInt64 = 1) {
    draft.set(.expirySHA256, Self.hash)
    draft.set(.sealedExpirySHA256, Self.hash)
    draft.set(.metadataGeneration, generation)
  }

  func use(_ draft: inout EntryDraft, _ item: Identifier, _ revision: UInt64, _ generation: UInt64) {
    draft.set(.item, item)
    draft.set(.revision, revision)
    draft.set(.generation, generation)
  }

  func reveal(_ draft: inout EntryDraft, _ item: Identifier, _ revision: UInt64 = 1, _ generation: UInt64 = 1) {
    use(&draft, item, revision, generation)
    draft.set(.how, "pipe")
  }

  /// A share, with an envelope of the metadata key for a recipient who can't decrypt it otherwise.
  func share(
    _ draft: inout EntryDraft, _ item: Identifier, _ to: Person, _ revision: UInt64 = 1, _ generation: UInt64 = 1,
    metadata: UInt64 = 1
  ) {
    use(&draft, item, revision, generation)
    draft.set(.to, to.id)
    draft.set(.envelopeSHA256, Self.hash)
    draft.set(.metadataGeneration, metadata)
    if !history.opensNames(to.id) { draft.set(.metadataEnvelopeSHA256, SHA256.hash([2])) }
  }

  func unshare(_ draft: inout EntryDraft, _ item: Identifier, _ from: Person) {
    draft.set(.item, item)
    draft.set(.to, from.id)
  }

  /// Removes a member, or changes their role: a new epoch with a new audit key.
  func leave(_ draft: inout EntryDraft, _ person: Person, _ role: Role? = nil, key: Digest? = nil) {
    draft.set(.member, person.id)
    draft.set(.auditKey, key ?? (try? BoxKey.random(in: arena).publicKey.bytes) ?? Self.hash)
    draft.set(.wrapsSHA256, Self.hash)
    draft.set(.previousSHA256, Self.hash)
    if let role { draft.set(.role, role.rawValue) }
  }

  func remove(_ person: Person) throws { try add(.memberRemove, ada) { self.leave(&$0, person) } }

  func change(_ person: Person, to role: Role) throws {
    try add(.memberRole, ada) { self.leave(&$0, person, role) }
  }

  /// dev's connector and ada's token of it.
  func furnish() throws -> (connector: Identifier, token: Identifier) {
    let (connector, token) = (Identifier.random(), Identifier.random())
    try add(.connectorRegister, dev) { self.newItem(&$0, connector, tag: 1) }
    try add(.tokenStore, ada) { self.newToken(&$0, token, of: connector, tag: 2) }
    return (connector, token)
  }

  /// The root of the log as it was at a size.
  func seen(_ size: UInt64) throws -> Digest {
    var tree = MerkleTree()
    for bytes in entries.prefix(Int(size)) { tree.append(MerkleTree.leafHash(bytes)) }
    return tree.root
  }

  func item(_ id: Identifier) -> Item? { history.items[id] }

  /// Members whose grant stands.
  func holders(of id: Identifier) -> Set<Identifier> {
    Set(history.items[id].map { history.grants(of: $0).keys }.map(Array.init) ?? [])
  }

  func isStale(_ id: Identifier, for author: Person) -> Bool? {
    history.items[id].map { history.isMetadataKeyStale(of: $0, for: author.id, at: time) }
  }
}
