internal import CustodyCrypto
public import CustodyLog
public import CustodyMemory
internal import CustodyStore

extension Transaction {
  public func register(_ connector: ConnectorDetails, secret: borrowing SecureBytes) throws(VaultError) {
    try translating {
      try requireRole(for: .connectorRegister)
      try Naming.check(connector.name, as: "a connector's name")
      try add(.connector, connector.name, metadata: connector.metadata, secret: secret) { _, _, _ in }
    }
  }

  /// Stores a refresh token, and shares it in the same breath where that is asked.
  /// `source` says that it came from the provider straight into this vault.
  public func store(
    _ token: TokenDetails, secret: borrowing SecureBytes, sharing: [Share] = [], source: Source? = nil
  ) throws(VaultError) {
    try translating {
      try requireRole(for: .tokenStore)
      try Naming.check(token.tenant, as: "a tenant's name")
      guard let connector = core.item(.connector, token.connector) else {
        throw core.notFound(.connector, token.connector)
      }
      try add(.token, token.name, metadata: token.metadata, secret: secret, (connector.id, source)) {
        id, dataKey, metadataKey in
        guard !sharing.isEmpty, let item = core.history.items[id] else { return }
        try requireRole(for: .tokenShare, item: id)
        for share in sharing { try grant(item, share, dataKey, metadataKey) }
      }
    }
  }

  /// A new value. `changes` may alter the details with it.
  public func rotateConnector(
    _ name: String, secret: borrowing SecureBytes, reason: String? = nil,
    changes: (inout ConnectorDetails) -> Void = { _ in }
  ) throws(VaultError) {
    try translating {
      try requireRole(for: .connectorRotate, item: core.item(.connector, name)?.id)
      let opened = try core.open(.connector, name, for: .connectorRotate)
      var details = try ConnectorDetails(metadata: opened.metadata)
      changes(&details)
      guard details.name == name else { throw VaultError(.badInput, "a connector keeps its name") }
      let metadata = try details.metadata(unlessIn: opened.metadata)
      if metadata == opened.metadata { try checkNew(secret, opened, name) }
      try rotate(opened, metadata: metadata, secret: secret, reason, .connectorRotate)
    }
  }

  public func rotateToken(
    _ name: String, secret: borrowing SecureBytes, reason: String? = nil, source: Source? = nil,
    changes: (inout TokenDetails) -> Void = { _ in }
  ) throws(VaultError) {
    try translating {
      try requireRole(for: .tokenRotate, item: core.item(.token, name)?.id)
      let opened = try core.open(.token, name, for: .tokenRotate)
      var details = try TokenDetails(metadata: opened.metadata)
      let before = details
      changes(&details)
      guard details.name == name else { throw VaultError(.badInput, "a token keeps its tenant and connector") }
      let metadata = try details.metadata(unlessIn: opened.metadata)
      // Its end is the value's, no detail that could change alone.
      var same = details
      same.expires = before.expires
      if same == before { try checkNew(secret, opened, name) }
      try rotate(opened, metadata: metadata, secret: secret, reason, .tokenRotate, source)
    }
  }

  /// A rotate ends the exposure of who could open the value before: that must not be in use any more.
  private func checkNew(_ secret: borrowing SecureBytes, _ opened: borrowing Opened, _ name: String) throws {
    let old = try opened.secret(in: core.arena)
    guard old.equals(secret) else { return }
    throw VaultError(
      .badInput, "cannot rotate \"\(name)\": that is the value which it has", subject: name,
      hint: "have the provider issue a new one, and store that")
  }

  private func rotate(
    _ opened: borrowing Opened, metadata: [UInt8], secret: borrowing SecureBytes, _ reason: String?, _ action: Action,
    _ source: Source? = nil
  ) throws {
    let item = opened.item
    let note = try reason.map { try self.note($0, on: item.id, item.generation, at: next, opened.metadataKey) }
    try replace(opened, metadata: metadata, secret: secret, action: action) {
      note?.name(in: &$0)
      if let source { $0.set(.source, source.rawValue) }
    }
    try dropAccessToken(of: item)
    if let note { try core.store.insert(note.row) }
  }
}

/// Names of members, tenants and connectors.
public enum Naming {
  public static func check(_ name: String, as what: String) throws(VaultError) {
    guard !Name.isValid(name.utf8) else { return }
    throw VaultError(.badName, "cannot use \"\(PrintableText.escape(name))\" as \(what)", subject: nil)
  }
}
