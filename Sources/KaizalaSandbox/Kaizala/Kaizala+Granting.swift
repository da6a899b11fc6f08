extension Kaizala {
  /// "Generate user token": a tenant admin's reaches every group of the organisation, anyone else's the groups they are in.
  func generateToken(for id: String, by person: Person) throws(PortalRefusal) -> IssuedToken {
    let phone = try confirmedPhone(of: person)
    let connector = try connector(id, seenBy: person)
    guard connector.isActive else { throw .deactivated }
    return generate(for: connector, phone: phone, reach: person.role == .admin ? .tenant : .user)
  }

  /// "Generating a new refresh token for the same connector" is the other documented end of the old one. Whether that holds
  /// per group is not documented; here it holds per connector, and access tokens live out their day.
  func generate(for connector: Connector, phone: String, reach: TokenReach) -> IssuedToken {
    refreshTokens = refreshTokens.filter { $0.value.connector != connector.id }
    let issued = clock.generation
    let token = Token(
      connector: connector.id, reach: reach, phone: phone, organisation: connector.owner.organisation, issued: issued,
      expires: issued + Clock.refreshLife)
    return Self.remember(token, of: connector, in: &refreshTokens)
  }

  /// From day 328 each exchange brings a new refresh token. Whether it kills the old one is not documented: here the old one
  /// works to its end, since the documents have EVERY call in that window answer with a new one.
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
