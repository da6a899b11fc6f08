internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// An item whose data key this member holds, after every check of its rows against the log.
struct Opened: ~Copyable {
  let item: Item
  let dataKey: DataKey
  fileprivate let sealed: [UInt8]
  fileprivate let context: SealContext
  fileprivate let core: Core
  fileprivate let value: KeptValue

  borrowing func secret(in arena: SecureArena) throws -> SecureBytes {
    do { return try dataKey.openSecret(sealed, context, in: arena) } catch is CryptoError {
      throw core.unreadable(item, value, "the sealed value does not open", madeBy: value.named.entry)
    }
  }
}

extension ItemRow.Kind {
  init(_ kind: ItemKind) { self = kind == .connector ? .connector : .token }
}

/// One of the two values that an item keeps, as the log names it.
private struct KeptValue {
  let named: SealedValue
  let revision: UInt64
  let key: NamedKey
  let generation: UInt64
  /// The item's name, for errors.
  let name: String

  init(_ named: SealedValue, _ revision: UInt64, _ key: NamedKey, _ generation: UInt64, _ name: String) {
    (self.named, self.revision, self.key, self.generation, self.name) = (named, revision, key, generation, name)
  }
}

extension Core {
  /// Opens an item by name, with the checks of docs/FORMAT.md, *Reading*, in order.
  /// - Parameter action: the action that a refusal is recorded as.
  func open(_ kind: ItemKind, _ name: String, for action: Action) throws -> Opened {
    guard let item = try item(kind, name) else { throw notFound(kind, name) }
    return try open(item, name, for: action)
  }

  /// Opens an item.
  /// - Parameter name: the item's name, for errors.
  func open(_ item: Item, _ name: String, for action: Action) throws -> Opened {
    guard let row = try store.retrieval(of: item.id, recipient: me) else { throw broken(item, "its row is missing") }
    try check(row, item)
    let grant = try grant(item, name, action)
    let newest = KeptValue(item.value, item.revision, item.dataKey, item.generation, name)
    return try open(item, newest, row.revision?.secret, grant, row.envelope)
  }

  /// Opens the previous value of an item, if this member may open it.
  func openEarlier(_ item: Item, _ name: String, for action: Action) throws -> Opened {
    _ = try grant(item, name, action)
    guard let earlier = item.earlier, let grant = history.grants(ofEarlier: item)[me] else {
      throw broken(item, "the value before the newest is not open to you")
    }
    let (key, generation) = earlier.key.map { ($0.dataKey, $0.generation) } ?? (item.dataKey, item.generation)
    let row = try store.revision(item.id, earlier.revision, generation: generation)
    guard row?.entry == earlier.value.entry else { throw broken(item, "the value before the newest is missing") }
    let envelope = try store.envelopes(of: item.id, .dataKey, generation: generation).first {
      $0.recipient == me && $0.entry == grant.envelope.entry
    }
    return try open(
      item, KeptValue(earlier.value, earlier.revision, key, generation, name), row?.secret, grant, envelope)
  }

  private func open(
    _ item: Item, _ value: KeptValue, _ secret: [UInt8]?, _ grant: Grant, _ envelope: EnvelopeRow?
  ) throws -> Opened {
    guard let envelope, let sealed = envelope.sealed, envelope.entry == grant.envelope.entry else {
      throw broken(item, "the envelope that the log grants is missing")
    }
    try check(envelope, sealed, grant, item, value)
    guard let secret, SHA256.hash(secret) == value.named.sha256 else {
      throw broken(item, "the sealed value is not the one that was logged")
    }
    let dataKey: DataKey
    do { dataKey = try holder.unwrap(sealed, in: arena) } catch is CryptoError {
      throw unreadable(item, value, "the envelope does not open", madeBy: envelope.entry)
    }
    guard value.key.commitment == dataKey.commitment(item: item.id, generation: value.generation) else {
      throw unreadable(item, value, "the data key is not the one that was committed to", madeBy: envelope.entry)
    }
    return Opened(
      item: item, dataKey: dataKey, sealed: secret,
      context: SealContext(
        .secret, vault: vault, item: item.id, version: value.generation, revision: value.revision),
      core: self, value: value)
  }

  /// The error for bytes that an entry names but that do not open. It says who made them, and who can bring back the
  /// previous value.
  fileprivate func unreadable(_ item: Item, _ value: KeptValue, _ what: String, madeBy entry: UInt64) -> VaultError {
    let (kind, maker) = (item.kind.rawValue, try? ledger.proved(entry))
    let author = maker.map { ", by \(self.name(of: $0.actor))" } ?? ""
    var hint: Hint = "an admin gives it another value: \(step: .rotate(item.kind, value.name))"
    if maker?.action == .connectorShare || maker?.action == .tokenShare {
      let others = history.grants(of: item).keys.filter { $0 != me && $0 != maker?.actor }.map { self.name(of: $0) }
      if let other = others.min() { hint = "ask \(other), who holds it too, to share it with you again" }
    } else if value.revision == item.revision, value.generation == item.generation {
      let able = reverters(of: item)
      let reverting = NextStep.revert(item.kind, value.name)
      if able.contains(me) {
        hint = "bring back the value before: \(step: reverting)"
      } else if !able.isEmpty {
        hint = "ask \(able.map { self.name(of: $0) }.sorted().joined(separator: " or ")) to run \(step: reverting)"
      }
    }
    var error = VaultError(
      .integrity, "\(kind) \(item.id.hex): \(what) (log entry \(entry)\(author))", subject: item.id.hex, hint: hint)
    error.broken = VaultError.Broken(what: what, entry: entry)
    return error
  }

  /// Checks that the rows are the newest by the log, so that a single row rolled back is noticed.
  private func check(_ row: Retrieval, _ item: Item) throws {
    try check(row.item, item)
    guard let revision = row.revision else { throw broken(item, "its newest value is in no row") }
    guard revision.generation == item.generation, revision.entry == item.valueEntry else {
      throw broken(item, "the row is not the newest revision that the log has")
    }
  }

  func check(_ row: ItemRow, _ item: Item) throws {
    guard row.kind == ItemRow.Kind(item.kind), row.tag == (item.isRetired ? nil : item.tag),
      row.revision == item.revision, row.generation == item.generation,
      row.metadataGeneration == item.metadataKey.generation, row.details == item.details.entry
    else {
      throw broken(
        item,
        ledger.stopped == nil
          ? "its row is not what the log says"
          : "its row is of an entry behind the last that holds: it is not readable until the vault is repaired")
    }
  }

  private func grant(_ item: Item, _ name: String, _ action: Action) throws -> Grant {
    try author().machine?.require(action, item.id)
    guard let grant = history.grant(of: me, in: item) else {
      throw try notShared(item, name).denying(action, item.id)
    }
    if grant.isExpired(at: now()) {
      let error = VaultError(
        .expired, "cannot open \"\(name)\": your grant ended at \(grant.until?.text ?? "")", subject: name,
        hint: "ask \(self.name(of: item.storedBy)) to share it again")
      throw error.denying(action, item.id)
    }
    return grant
  }

  /// Checks this member's envelope by its own hash, or by the hash over all envelopes of its entry.
  private func check(
    _ row: EnvelopeRow, _ sealed: [UInt8], _ grant: Grant, _ item: Item, _ value: KeptValue
  ) throws {
    let sha256 = SHA256.hash(sealed)
    let isNamed =
      try grant.envelope.sha256.map { $0 == sha256 }
      ?? (together(.dataKey, item, generation: value.generation, of: row.entry) == value.key.envelopes)
    guard row.sha256 == sha256, isNamed else { throw broken(item, "the envelope is not the one that was granted") }
  }

  /// Returns the hash over all envelopes of a key that one entry made.
  func together(_ kind: EnvelopeRow.Kind, _ item: Item, generation: UInt64, of entry: UInt64) throws -> Digest {
    SealedHashes.envelopes(
      try store.envelopes(of: item.id, kind, generation: generation).filter { $0.entry == entry }
        .map { (recipient: $0.recipient, sha256: $0.sha256) })
  }

  func notShared(_ item: Item, _ name: String) throws -> VaultError {
    let role = try author().role
    if role == .auditor {
      return VaultError(
        .notPermitted, "cannot open \"\(name)\": an auditor opens names and the log, never a secret", subject: name,
        hint: "ask an admin or developer who holds it")
    }
    let holders = history.grants(of: item).keys
    let holder = holders.map { self.name(of: $0) }.min() ?? self.name(of: item.storedBy)
    let asked = holders.contains(item.storedBy) ? "\(self.name(of: item.storedBy)), who stored it," : "\(holder)"
    return VaultError(
      .notShared, "cannot open \"\(name)\": it is not shared with you", subject: name,
      hint: "ask \(asked) to run \(step: .share(item.kind, name, with: self.name(of: me)))")
  }

  func notFound(_ kind: ItemKind, _ name: String) -> VaultError {
    VaultError(
      .notFound, "there is no \(kind.rawValue) \"\(name)\"", subject: name,
      hint: "list what you can see: \(step: .list(kind))")
  }
}
