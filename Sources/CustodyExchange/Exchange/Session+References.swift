package import CustodySystem
internal import CustodyEvidence
package import Custody
package import CustodyLog
package import CustodySecrets
internal import CustodyValues

extension Session {
  /// Resolves references to their values; each value is fetched once.
  ///
  /// Providers are asked first, since they may refuse. Then all reveals are logged in one commit, and only after that
  /// are any secrets handed out. `progress` counts each reference twice: when it is looked up, and when its value is
  /// there.
  package func values(
    of references: some Sequence<Reference>, how: Leaving, _ options: ExchangeOptions = ExchangeOptions(),
    progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) -> [Reference: SecretBox] {
    var sources = ReferenceSources()
    let wanted = Set(references).sorted { $0.text < $1.text }
    let count = UInt64(wanted.count)
    let tally = Tally(of: count) { done, _ in progress(done, 2 * count) }
    for reference in wanted {
      try sources.add(reference, in: self)
      tally.add()
    }
    var values: [Reference: SecretBox] = [:]
    for (reference, id) in sources.connectorIDs { values[reference] = try SecretBox(plain: id) }
    for token in sources.exchanges.keys.sorted() {
      let access = try exchange(token, how: how, options)
      for reference in sources.exchanges[token] ?? [] {
        values[reference] = try reference.field == .accessToken ? access.boxed() : access.boxedBase(of: token)
      }
      progress(count + UInt64(values.count), 2 * count)
    }
    let before = UInt64(values.count)
    let revealed = try reveal(sources.secrets.map(\.item), how: how) { done, total in
      progress(count + before + (count - before) * done / max(total, 1), 2 * count)
    }
    for (secret, box) in zip(sources.secrets, revealed) {
      for reference in secret.references { values[reference] = box }
    }
    return values
  }

  /// Throws unless the item exists and this member may see it; nothing is revealed.
  package func check(_ reference: Reference) throws(VaultError) {
    var sources = ReferenceSources()
    try sources.add(reference, in: self)
  }
}

/// The sources of the references' values.
private struct ReferenceSources {
  var connectorIDs: [(Reference, String)] = []
  /// References by token: one exchange serves all of a token's.
  var exchanges: [String: [Reference]] = [:]
  private(set) var secrets: [(item: (kind: ItemKind, name: String), references: [Reference])] = []
  private var places: [ItemKind: [String: Int]] = [:]

  mutating func add(_ reference: Reference, in session: borrowing Session) throws(VaultError) {
    let name = reference.item
    switch (reference.field, reference.kind) {
    case (.accessToken, _), (.apiBase, _):
      _ = try session.token(name)
      exchanges[name, default: []].append(reference)
    case (.refreshToken, _):
      _ = try session.token(name)
      addSecret((.token, name), reference)
    case (.connectorSecret, .connector):
      _ = try session.connector(name)
      addSecret((.connector, name), reference)
    case (.connectorSecret, .token): addSecret((.connector, try session.connector(ofToken: name).name), reference)
    case (.connectorID, .connector): connectorIDs.append((reference, try session.connector(name).details.connectorID))
    case (.connectorID, .token):
      connectorIDs.append((reference, try session.connector(ofToken: name).connectorID))
    }
  }

  private mutating func addSecret(_ item: (kind: ItemKind, name: String), _ reference: Reference) {
    if let known = places[item.kind, default: [:]][item.name] {
      secrets[known].references.append(reference)
    } else {
      places[item.kind, default: [:]][item.name] = secrets.count
      secrets.append((item, [reference]))
    }
  }
}

extension Session {
  /// The connector of a token, found by name and checked by ID: it must be the one that the token was stored for.
  fileprivate func connector(ofToken name: String) throws(VaultError) -> ConnectorDetails {
    let listing = try token(name)
    let found = try connector(listing.details.connector)
    guard found.id == listing.item.connector else {
      throw VaultError(.integrity, "connector \"\(found.details.name)\" is not the one that \"\(name)\" was stored for")
    }
    return found.details
  }
}

extension AccessToken {
  fileprivate borrowing func boxed() throws(VaultError) -> SecretBox {
    do { return SecretBox(try value.copy()) } catch { throw .noSecretMemory }
  }

  fileprivate borrowing func boxedBase(of token: String) throws(VaultError) -> SecretBox {
    guard let apiBase else {
      throw VaultError(
        .notFound, "the provider of \"\(token)\" names no API base in its reply", subject: token,
        hint: "write the URL yourself")
    }
    return try SecretBox(plain: apiBase)
  }
}

extension SecretBox {
  /// A box for a value that is no secret, so that it can stand among secrets.
  fileprivate convenience init(plain text: String) throws(VaultError) {
    do { self.init(try SecureBytes(copying: Array(text.utf8))) } catch { throw .noSecretMemory }
  }
}

extension VaultError {
  fileprivate static var noSecretMemory: VaultError {
    VaultError(.outOfMemory, "cannot get memory that may hold a secret")
  }
}
