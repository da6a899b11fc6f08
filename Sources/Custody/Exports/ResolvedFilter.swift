internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues

/// A filter with names resolved to IDs. It is also the form that the log records, which names no tenant.
struct ResolvedFilter {
  private let filter: LogFilter
  private let actor: Identifier?
  private let items: Set<Identifier>?
  /// Number of tokens whose names this member can't open, if the filter depends on names.
  let unread: UInt64
  /// The filter as the export's entry has it, with tenant and token as keyed tags. Nil without a filter.
  let text: String?
  /// The filter as a signed scope has it, in plain names.
  let plain: ExportScope.Filter

  init(_ filter: LogFilter, _ core: Core, asOf history: History? = nil) throws {
    self.filter = filter
    var words = filter.actions.map { "action=\($0.rawValue)" }
    actor = try filter.actor.map { name in
      guard let member = core.history.member(named: name) else {
        throw VaultError(.notFound, "there is no member \"\(name)\"", subject: name)
      }
      return member.id
    }
    if let actor { words.append("actor=\(actor.hex)") }
    let tokens = try Self.tokens(filter, core, history)
    unread = tokens.unread
    if let token = filter.token {
      guard !tokens.named.isEmpty else { throw core.notFound(.token, token) }
      words.append("token=\(try Self.tag("token", token, core))")
    }
    if let tenant = filter.tenant {
      guard !tokens.ofTenant.isEmpty else {
        throw VaultError(
          .notFound, "there is no token of tenant \"\(tenant)\"", subject: tenant,
          hint: "list them: \(step: .list(.token))")
      }
      words.append("tenant=\(try Self.tag("tenant", tenant, core))")
    }
    switch (filter.token, filter.tenant) {
    case (nil, nil): items = nil
    case (_, nil): items = tokens.named
    case (nil, _): items = tokens.ofTenant
    default: items = tokens.named.intersection(tokens.ofTenant)
    }
    if let since = filter.since { words.append("since=\(since.text)") }
    if let until = filter.until { words.append("until=\(until.text)") }
    text = words.isEmpty ? nil : words.joined(separator: " ")
    var plain = ExportScope.Filter()
    (plain.actions, plain.token, plain.tenant) = (filter.actions, filter.token, filter.tenant)
    (plain.since, plain.until) = (filter.since, filter.until)
    plain.actor = actor.flatMap { core.history.members[$0] }.map { ExportScope.Person(id: $0.id, name: $0.name) }
    guard text == nil || plain.isPlain else {
      throw VaultError(
        .badName, "a name that no token or member can have can't be asked for",
        hint: "list them: \(step: .list(.token))")
    }
    self.plain = plain
  }

  /// Returns the tokens that match, retired ones too. Several retired ones may have had one name.
  private static func tokens(
    _ filter: LogFilter, _ core: Core, _ history: History?
  ) throws -> (named: Set<Identifier>, ofTenant: Set<Identifier>, unread: UInt64) {
    var (named, ofTenant): (Set<Identifier>, Set<Identifier>) = ([], [])
    guard filter.token != nil || filter.tenant != nil else { return (named, ofTenant, 0) }
    var unread = UInt64((history ?? core.history).items.count { $0.kind == .token })
    let names = OpenedNames(core, asOf: history)
    try core.eachOpened([.token]) { opened in
      guard let token = opened.name.token, names.item(opened.item.id) != nil else { return }
      unread -= min(unread, 1)
      if filter.token?.hasSameBytes(as: token.name) == true { named.insert(opened.item.id) }
      if filter.tenant?.hasSameBytes(as: token.tenant) == true { ofTenant.insert(opened.item.id) }
    }
    return (named, ofTenant, unread)
  }

  private static func tag(_ kind: String, _ name: String, _ core: Core) throws -> String {
    String(
      decoding: Base64.encode(try core.ledger.keys.tag(kind, name, epoch: core.history.epoch)), as: UTF8.self)
  }

  func admits(_ entry: Entry) -> Bool {
    if !filter.actions.isEmpty, !filter.actions.contains(entry.action) { return false }
    if let actor, entry.actor != actor { return false }
    if let items, !(entry.identifier(.item).map(items.contains) ?? false) { return false }
    if let since = filter.since, entry.time < since { return false }
    if let until = filter.until, entry.time >= until { return false }
    return true
  }
}
