extension Kaizala {
  /// The portal's "Generate user token". A tenant admin's token reaches every group of the organisation, a
  /// developer's the groups that they are in.
  func generateToken(for id: String, by person: Person) throws(PortalRefusal) -> IssuedToken {
    let phone = try confirmedPhone(of: person)
    let connector = try connector(id, seenBy: person)
    guard connector.isActive else { throw .deactivated }
    return generate(for: connector, phone: phone, reach: person.role == .admin ? .tenant : .user)
  }

  /// Makes a refresh token and ends the connector's older ones: "generating a new refresh token for the same
  /// connector" is the other documented end of the old one. The documents do not say whether that holds for each
  /// group. Here it holds for the connector, and access tokens live out their day.
  func generate(for connector: Connector, phone: String, reach: TokenReach) -> IssuedToken {
    refreshTokens = refreshTokens.filter { $0.value.connector != connector.id }
    let issued = clock.generation
    let token = Token(
      connector: connector.id, reach: reach, phone: phone, organisation: connector.owner.organisation, issued: issued,
      expires: issued + Clock.refreshLife)
    return Self.remember(token, of: connector, in: &refreshTokens)
  }

  /// A new refresh token, from day 328 of the old one's life on. The documents do not say whether it ends the old
  /// one. Here the old one works to its own end, because the documents have every call in that window answer with a
  /// new one.
  func renewal(of old: Token, for connector: Connector) -> IssuedToken? {
    guard clock.now - old.issued >= Clock.lateAge else { return nil }
    return Self.remember(fresh(old, life: Clock.refreshLife), of: connector, in: &refreshTokens)
  }

  func accessToken(from refresh: Token, for connector: Connector) -> IssuedToken {
    Self.remember(fresh(refresh, life: Clock.accessLife), of: connector, in: &accessTokens)
  }

  private func fresh(_ old: Token, life: Int64) -> Token {
    Token(
      connector: old.connector, reach: old.reach, phone: old.phone, organisation: old.organisation, issued: clock.now,
      expires: clock.now + life)
  }

  private static func remember(_ token: Token, of connector: Connector, in table: inout [String: Token]) -> IssuedToken
  {
    let text = TokenText.make(for: token, of: connector)
    table[text] = token
    return IssuedToken(text: text, token: token)
  }
}
