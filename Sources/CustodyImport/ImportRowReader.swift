internal import CustodyEvidence
internal import Custody
internal import CustodyLog
internal import CustodyValues

/// A reader of one row: it turns fields into details, or throws the place of the error.
struct ImportRowReader {
  /// Longest field but the secret, in bytes. Everyone who sees an item decrypts its details each time, so they must
  /// stay short.
  static let fieldLimit = 16 << 10

  let row: ImportRow
  /// True for another tool's table, in which a token may have a user's name, which is ignored.
  let isForeign: Bool
  /// True if notes may have several lines, which are joined to one.
  let hasLongNotes: Bool
  let defaults: ImportPlan.Defaults

  func name(in file: ImportFile) throws(VaultError) -> String {
    guard let name = row.fields[.name] else { throw .malformed(file.text(row.place, .name), "there is no name") }
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard 1...2 ~= parts.count, parts.allSatisfy({ Name.isValid($0) }) else {
      throw .malformed(
        file.text(row.place, .name), "\"\(PrintableText.escape(name))\" is no name of a token or connector",
        hint: "a token is TENANT/CONNECTOR, a connector one word; of a-z, 0-9, '.', '_' and '-'")
    }
    return name
  }

  func kind(of name: String, in file: ImportFile) throws(VaultError) -> ItemKind {
    let kind: ItemKind = name.utf8.contains(UInt8(ascii: "/")) ? .token : .connector
    guard let type = row.fields[.type], type != kind.rawValue else { return kind }
    let place = file.text(row.place, row.fields[.type] == nil ? .name : .type)
    throw .malformed(place, "\"\(PrintableText.escape(type))\" does not go with the name \"\(name)\"")
  }

  func secret(in file: ImportFile) throws(VaultError) -> (SecretPlace, Int) {
    guard let secret = row.secret else { throw .malformed(file.text(row.place, .secret), "there is no secret") }
    let count = file.byteCount(at: secret)
    guard count > 0 else { throw .malformed(file.text(row.place, .secret), "the secret is empty") }
    guard count <= Secret.limit else {
      throw .malformed(file.text(row.place, .secret), "the secret has more than \(Secret.limit) bytes")
    }
    return (secret, count)
  }

  func connector(_ name: String, in file: ImportFile) throws(VaultError) -> ConnectorDetails {
    try refuse([.reach, .providerTenant], of: "a connector", in: file)
    guard let provider = row.fields[.provider] ?? defaults.provider else {
      throw .malformed(
        file.text(row.place, .provider), "there is no provider", hint: "say it for all: \(step: .give(.provider))")
    }
    guard let id = try clean(.id, in: file) else {
      throw .malformed(file.text(row.place, .id), "there is no ID of the connector")
    }
    var details = ConnectorDetails(name: name, provider: provider, connectorID: id)
    details.permissions = try clean(.permissions, in: file)?.split(separator: " ").map(String.init) ?? []
    details.endpoint = try clean(.endpoint, in: file)
    details.clientAuthentication = try clean(.clientAuth, in: file)
    details.scope = try clean(.scope, in: file)
    details.note = try note(in: file)
    return details
  }

  /// A token's details. Its provider is set later, from its connector.
  func token(_ name: String, in file: ImportFile) throws(VaultError) -> TokenDetails {
    let ofConnector: [ImportField] = [.permissions, .endpoint, .clientAuth, .scope]
    try refuse(ofConnector + (isForeign ? [] : [.id]), of: "a token", in: file)
    let parts = name.split(separator: "/").map(String.init)
    let typed = row.fields[.reach]
    guard let reach = typed.map({ Reach(rawValue: $0) }) ?? defaults.reach else {
      let what = typed.map { "\"\(PrintableText.escape($0))\" is not group, user or tenant" } ?? "there is no reach"
      throw .malformed(file.text(row.place, .reach), what, hint: "say it for all: \(step: .give(.tenantReach))")
    }
    var details = TokenDetails(
      tenant: parts[0], connector: parts[1], provider: row.fields[.provider] ?? "", reach: reach)
    details.providerTenant = try clean(.providerTenant, in: file)
    details.note = try note(in: file)
    return details
  }

  private func note(in file: ImportFile) throws(VaultError) -> String? {
    guard hasLongNotes, let note = try short(.note, in: file) else { return try clean(.note, in: file) }
    let joined = note.split(whereSeparator: \.isNewline).joined(separator: " ")
    return PrintableText.isClean(joined) ? joined : PrintableText.escape(joined)
  }

  private func short(_ field: ImportField, in file: ImportFile) throws(VaultError) -> String? {
    guard let text = row.fields[field], !text.isEmpty else { return nil }
    guard text.utf8.count <= Self.fieldLimit else {
      throw .malformed(file.text(row.place, field), "it has more than \(Self.fieldLimit) bytes")
    }
    return text
  }

  private func clean(_ field: ImportField, in file: ImportFile) throws(VaultError) -> String? {
    guard let text = try short(field, in: file) else { return nil }
    guard PrintableText.isClean(text) else {
      throw .malformed(file.text(row.place, field), "it has characters that can't be seen or turn text round")
    }
    return text
  }

  private func refuse(
    _ fields: [ImportField], of what: String, in file: ImportFile
  ) throws(VaultError) {
    for field in fields where row.fields[field] != nil {
      throw .malformed(file.text(row.place, field), "\(what) has no \(field.rawValue)")
    }
  }
}
