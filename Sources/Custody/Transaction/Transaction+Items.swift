public import CustodyEvidence
internal import CustodyCrypto
public import CustodyLog
public import CustodySecrets
public import CustodyValues
internal import CustodyStore

extension Transaction {
  /// Registers a connector, with its secret.
  ///
  /// - Parameters:
  ///   - connector: its name, provider and ID at the provider.
  ///   - secret: its secret at the provider.
  ///   - expires: the end of the secret at the provider, as whoever keeps it was told.
  /// - Throws: ``VaultError``: `badName`, `conflict` for a name that is taken, `notPermitted`, `emptySecret`,
  ///   `secretTooLong`.
  public func register(
    _ connector: ConnectorDetails, secret: borrowing SecureBytes, expires: Timestamp? = nil
  ) throws(VaultError) {
    try translating {
      try requireRole(for: .connectorRegister)
      try Name.check(connector.name, as: "a connector's name")
      try requireFree(.connector, connector.name)
      let new = NewItem(kind: .connector, name: connector.name, metadata: connector.metadata, expires: expires)
      _ = try add(new, secret: secret)
    }
  }

  /// Stores a refresh token, and shares it in the same transaction if that is asked.
  ///
  /// - Parameters:
  ///   - token: its tenant, connector, provider and reach.
  ///   - secret: the refresh token.
  ///   - sharing: the grants to be made with it.
  ///   - expires: the end of the refresh token, as it says itself.
  ///   - source: its origin, if it came from the provider straight into this vault.
  ///   - shown: where its secrets go, as the admin was shown it. It is refused if that has changed since. Without it
  ///     they go where the connector says now.
  /// - Throws: ``VaultError``: `badName`, `conflict` for a name that is taken, `notPermitted`, `notFound` for the
  ///   connector or a recipient, `destinationChanged`, `emptySecret`, `secretTooLong`.
  public func store(
    _ token: TokenDetails, secret: borrowing SecureBytes, sharing: [Share] = [], expires: Timestamp? = nil,
    source: Source? = nil, to shown: Destination? = nil
  ) throws(VaultError) {
    try translating {
      try requireRole(for: .tokenStore)
      try Name.check(token.tenant, as: "a tenant's name")
      guard let connector = try core.item(.connector, token.connector) else {
        throw core.notFound(.connector, token.connector)
      }
      try requireFree(.token, token.name)
      let destination = try core.destination(of: token, by: connector, shown)
      var new = NewItem(kind: .token, name: token.name, metadata: token.metadata, expires: expires)
      (new.connector, new.source, new.destination) = (connector.id, source, destination)
      let added = try add(new, secret: secret)
      guard !sharing.isEmpty else { return }
      try requireRole(for: .tokenShare, item: added.item.id)
      for share in sharing { try grant(added.item, share, added.dataKey, added.writer) }
    }
  }

  private func requireFree(_ kind: ItemKind, _ name: String) throws {
    guard try core.item(kind, name) != nil else { return }
    throw VaultError(
      .conflict, "there is already a \(kind.rawValue) \"\(name)\"", subject: name,
      hint: "give it a new value: \(step: .rotate(kind, name))")
  }

  /// Adds an item with its first value. The data key is sealed to the author, the metadata key to the author and the
  /// auditors.
  func add(_ new: NewItem, secret: borrowing SecureBytes) throws -> AddedItem {
    let id = Identifier.random()
    let tag = try core.ledger.keys.tag(new.kind.rawValue, new.name, epoch: core.history.epoch)
    let dataKey = try DataKey.random(in: core.arena)
    let writer = TextWriter(vault: core.vault, item: id, generation: 1, key: try MetadataKey.random(in: core.arena))
    let sealed = try seal(secret, of: id, 1, 1, under: dataKey)
    let envelopes = try envelopes(dataKey, 1, for: [try core.author()])
    let metadataEnvelopes = try self.envelopes(writer.key, 1, for: [core.me])
    let notes = try new.notes(by: writer, at: next)
    let entry = try append(Action(.add, new.kind)) { entry in
      sealed.name(in: &entry, item: id)
      entry.set(.tag, tag)
      entry.set(.commitment, dataKey.commitment(item: id, generation: 1))
      entry.set(.envelopesSHA256, envelopes.sha256)
      entry.set(.metadataCommitment, writer.key.commitment(item: id, generation: 1))
      entry.set(.metadataEnvelopesSHA256, metadataEnvelopes.sha256)
      for note in notes { note.name(in: &entry) }
      if let connector = new.connector { entry.set(.connector, connector) }
      if let source = new.source { entry.set(.source, source.rawValue) }
    }
    try core.store.put(
      ItemRow(
        id: id, kind: ItemRow.Kind(new.kind), tag: tag, revision: 1, generation: 1,
        metadataGeneration: 1, details: entry))
    try core.store.put(sealed.row(item: id, entry: entry))
    try envelopes.insert(into: core.store, item: id, entry: entry)
    try metadataEnvelopes.insert(into: core.store, item: id, entry: entry)
    for note in notes { try core.store.put(note.row) }
    guard let item = core.history.items[id] else { throw VaultError(.failed, "the new item is not in the log") }
    return AddedItem(item: item, dataKey: dataKey, writer: writer)
  }
}

/// A newly added item, with its keys.
struct AddedItem: ~Copyable {
  let item: Item
  let dataKey: DataKey
  let writer: TextWriter
}

/// An item to be added, with its metadata.
struct NewItem {
  let kind: ItemKind
  let name: String
  let metadata: [UInt8]
  let expires: Timestamp?
  var connector: Identifier?
  var source: Source?
  var destination: Destination?

  init(kind: ItemKind, name: String, metadata: [UInt8], expires: Timestamp?) {
    (self.kind, self.name, self.metadata, self.expires) = (kind, name, metadata, expires)
  }

  func notes(by writer: borrowing TextWriter, at position: UInt64) throws -> [SealedText] {
    var notes = [try writer.details(metadata, at: position)]
    if let destination { notes.append(writer.note(.destination, destination.text, at: position)) }
    if let expiry = writer.expiry(expires, at: position) { notes.append(expiry) }
    return notes
  }
}
