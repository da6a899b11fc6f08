internal import CustodyCrypto
public import CustodyLog
public import CustodyMemory

/// Which entries are wanted. Since is inclusive, until exclusive.
public struct LogFilter: Sendable {
  public var actions: [Action] = []
  public var actor: String?
  public var token: String?
  public var tenant: String?
  public var since: Timestamp?
  public var until: Timestamp?

  public init() {}

  var isEmpty: Bool {
    actions.isEmpty && actor == nil && token == nil && tenant == nil && since == nil && until == nil
  }
}

/// A filter with its names turned into IDs: what runs, and what the log says of an export without naming a tenant.
struct ResolvedFilter {
  private let filter: LogFilter
  private let actor: Identifier?
  private let items: Set<Identifier>?
  /// As the entry of an export has it. A tenant and a token stand by their keyed tags.
  let text: String?

  init(_ filter: LogFilter, _ core: Core, _ names: Names) throws {
    self.filter = filter
    var words = filter.actions.map { "action=\($0.rawValue)" }
    actor = try filter.actor.map { name in
      guard let member = core.history.member(named: name) else {
        throw VaultError(.notFound, "there is no member \"\(name)\"", subject: name)
      }
      return member.id
    }
    if let actor { words.append("actor=\(actor.hex)") }
    var wanted: Set<Identifier>?
    if let token = filter.token {
      let found = Set(names.tokens.filter { $0.value.name == token }.keys)
      guard !found.isEmpty else { throw core.notFound(.token, token) }
      wanted = found
      words.append("token=\(try Self.tag("token", token, core))")
    }
    if let tenant = filter.tenant {
      let found = Set(names.tokens.filter { $0.value.tenant == tenant }.keys)
      guard !found.isEmpty else {
        throw VaultError(
          .notFound, "there is no token of tenant \"\(tenant)\"", subject: tenant,
          hint: "list them: \"custody token list\"")
      }
      wanted = wanted.map { $0.intersection(found) } ?? found
      words.append("tenant=\(try Self.tag("tenant", tenant, core))")
    }
    items = wanted
    if let since = filter.since { words.append("since=\(since.text)") }
    if let until = filter.until { words.append("until=\(until.text)") }
    text = words.isEmpty ? nil : words.joined(separator: " ")
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
