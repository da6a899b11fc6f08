extension Kaizala {
  /// The connectors of a person's organisation, by name. Other organisations' are not shown.
  func connectors(seenBy person: Person) -> [Connector] {
    connectors.values.filter { $0.owner.isColleague(of: person) }
      .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
  }

  func connector(_ id: String, seenBy person: Person) throws(PortalRefusal) -> Connector {
    guard let connector = connectors[id.lowercased()], connector.owner.isColleague(of: person) else {
      throw .unknownConnector
    }
    return connector
  }

  func add(_ draft: ConnectorDraft, by person: Person) throws(PortalRefusal) -> Connector {
    _ = try confirmedPhone(of: person)
    let connector = Connector(
      id: Chance.guid(), secret: Chance.secret(), name: draft.name, details: draft.details,
      permissions: draft.permissions, owner: person)
    connectors[connector.id] = connector
    return connector
  }

  /// Stops new tokens only. Tokens that were given out go on working, as Kaizala's support page says.
  func deactivate(_ id: String, by person: Person) throws(PortalRefusal) {
    var connector = try connectorRuled(by: person, id)
    connector.isActive = false
    connectors[connector.id] = connector
  }

  /// Deletes a connector and its refresh tokens, which is one of the two documented ends of a refresh token. Deleting
  /// its access tokens too is our reading.
  func delete(_ id: String, by person: Person) throws(PortalRefusal) {
    let connector = try connectorRuled(by: person, id)
    connectors[connector.id] = nil
    refreshTokens = refreshTokens.filter { $0.value.connector != connector.id }
    accessTokens = accessTokens.filter { $0.value.connector != connector.id }
  }

  private func connectorRuled(by person: Person, _ id: String) throws(PortalRefusal) -> Connector {
    let connector = try connector(id, seenBy: person)
    guard person.role == .admin || person.email == connector.owner.email else { throw .notYours }
    return connector
  }
}
