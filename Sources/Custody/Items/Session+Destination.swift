public import CustodyEvidence
internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

extension Session {
  /// Returns where the secrets of a token that is to be stored would go, to be shown to the admin who stores it.
  package func destination(of token: TokenDetails) throws(VaultError) -> Destination {
    try translating {
      try core.reading {
        guard let connector = try core.item(.connector, token.connector) else {
          throw core.notFound(.connector, token.connector)
        }
        return try core.destination(of: token, by: connector, nil)
      }
    }
  }

  /// Returns the confirmed destination of a token's secrets, and the one by its current details. An admin has to
  /// confirm the current one if they differ.
  ///
  /// - Throws: ``VaultError``: `notFound`, `integrity`.
  public func destinations(of token: String) throws(VaultError) -> (confirmed: Destination, now: Destination) {
    try translating {
      try core.reading {
        guard let item = try core.item(.token, token) else { throw core.notFound(.token, token) }
        return try core.destinations(of: item)
      }
    }
  }
}

extension Transaction {
  /// Confirms where a token's secrets go, for an admin who holds it.
  ///
  /// - Parameters:
  ///   - token: the token's name.
  ///   - shown: the destination that the admin was shown.
  ///   - reason: the reason, sealed in the log.
  ///   - hasDoubt: false if the admin declares that the server asked so far was not the provider. Its answers, or
  ///     their absence, are then forgotten, and the next exchange contacts the provider.
  /// - Throws: ``VaultError``: `notFound`, `notShared`, `notPermitted`, `conflict` if the destination has changed
  ///   since it was shown.
  public func confirm(
    _ token: String, to shown: Destination, reason: String? = nil, keepingDoubt hasDoubt: Bool = true
  ) throws(VaultError) {
    try translating {
      guard let found = try core.item(.token, token) else { throw core.notFound(.token, token) }
      try requireRole(for: .tokenConfirm, item: found.id)
      _ = try core.open(.token, token, for: .tokenConfirm)
      guard let connector = found.connector.flatMap({ core.history.items[$0] }), !connector.isRetired else {
        throw VaultError(
          .notFound, "cannot confirm \"\(token)\": its connector is retired", subject: token,
          hint: "retire the token too: \(step: .retire(.token, token))")
      }
      let destination = try core.destination(of: TokenDetails(metadata: core.details(of: found)), by: connector, shown)
      let writer = try writer(for: found)
      let notes = [writer.note(.destination, destination.text, at: next), try writer.reason(reason, at: next)]
      _ = try append(.tokenConfirm) { entry in
        entry.set(.item, found.id)
        for note in notes { note?.name(in: &entry) }
      }
      for note in notes { if let note { try core.store.put(note.row) } }
      // The kept access token came from the old destination.
      try dropAccessToken(of: found)
      if !hasDoubt { try endDoubt(of: found) }
    }
  }
}

extension Core {
  /// Returns the destination by the connector's current details. Throws if it differs from what was shown.
  func destination(of token: TokenDetails, by connector: Item, _ shown: Destination?) throws -> Destination {
    let details = try ConnectorDetails(metadata: self.details(of: connector))
    var now = Destination(token, details, connector.id)
    guard let shown else { return now }
    try checkSame(shown, as: now, token)
    now.urls = shown.urls
    return now
  }

  func checkSame(_ shown: Destination, as now: Destination, _ token: TokenDetails) throws(VaultError) {
    guard !now.isSame(as: shown) else { return }
    throw VaultError(
      .conflict,
      "cannot go on with \"\(token.name)\": where its secrets go has changed since you were shown it"
        + " (\(now.differences(from: shown).joined(separator: "; ")))", subject: token.name,
      hint: "run the command again, and look at what it shows")
  }

  func destinations(of item: Item) throws -> (confirmed: Destination, now: Destination) {
    guard let connector = item.connector.flatMap({ history.items[$0] }) else { throw withoutDestination(item) }
    let token = try TokenDetails(metadata: details(of: item))
    return try destinations(of: item, token, ConnectorDetails(metadata: details(of: connector)))
  }

  /// Returns the confirmed destination, and the one by these details.
  func destinations(
    of item: Item, _ token: TokenDetails, _ connector: ConnectorDetails
  ) throws -> (confirmed: Destination, now: Destination) {
    guard let named = item.destination, let id = item.connector else { throw withoutDestination(item) }
    return (try Destination(text: text(.destination, named, of: item)), Destination(token, connector, id))
  }

  private func withoutDestination(_ item: Item) -> VaultError { broken(item, "it has no destination") }

  /// Refuses to send secrets anywhere but where an admin confirmed.
  /// - Parameter name: the token's name, for errors.
  func checkDestination(
    of token: Item, _ name: String, _ places: (confirmed: Destination, now: Destination), for action: Action
  ) throws {
    let differences = differences(of: token, places)
    guard !differences.isEmpty else { return }
    throw VaultError(
      .destinationChanged, "cannot use \"\(name)\": \(differences.joined(separator: "; "))", subject: name,
      hint: "nothing was sent; if that is right, an admin who holds the token types \(step: .confirm(token: name))"
    ).denying(action, token.id)
  }

  func destinationDifferences(of token: Item) throws -> [String] {
    differences(of: token, try destinations(of: token))
  }

  private func differences(of token: Item, _ places: (confirmed: Destination, now: Destination)) -> [String] {
    guard !places.now.isSame(as: places.confirmed) else { return [] }
    let changes = [token.details] + [token.connector.flatMap { history.items[$0]?.details }].compactMap { $0 }
    let change = changes.max { $0.entry < $1.entry } ?? token.details
    return places.now.differences(from: places.confirmed)
      + ["\(self.name(of: change.author)) changed that at \(change.moment.time.text)"]
  }
}
