internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
package import CustodyValues
internal import CustodyStore

/// The state of a token's newest exchange, sealed under the item's metadata key: whoever opens its names can read it.
package struct ExchangeJournal: Equatable, Sendable {
  package enum State: String, Sendable {
    /// The request is about to be sent, or was. If nobody is working on it any more, its outcome is unknown.
    case sent
    case done
    /// The provider refused the refresh token itself.
    case refused
    /// The request may have arrived, but no reply says what became of the token.
    case unknown
    /// The exchange failed, with no doubt about the token.
    case failed
  }

  /// The provider's failure, in words cleaned of secrets.
  package struct Failure: Equatable, Sendable {
    package var code: VaultError.Code
    package var reason: String

    package init(code: VaultError.Code, reason: String) { (self.code, self.reason) = (code, reason) }
  }

  package var state: State
  package var fence: UInt64
  /// Revision of the refresh token that was sent; once `done`, of the one that is stored.
  package var revision: UInt64
  package var by: Identifier
  /// Time of the first request of unknown outcome with this revision.
  package var sent: Timestamp
  /// Number of requests of unknown outcome with this revision, the newest included.
  package var attempts: Int64
  static let mostAttempts: Int64 = 1_000_000
  package var ended: Timestamp?
  package var failure: Failure?
  /// The provider must not be contacted before this time.
  package var notBefore: Timestamp?
  /// The end of the refresh token, if a reply said so.
  package var refreshExpires: Timestamp?
  /// The connector's scope, if a login asked for it and was granted less. A refresh that repeats it would be refused.
  package var refusedScope: String?
}

extension ExchangeJournal {
  var bytes: [UInt8] {
    var object: JSONObject = [
      "v": 1, "state": .string(state.rawValue), "fence": .integer(fence), "revision": .integer(revision),
      "by": .string(by.hex), "sent": .integer(sent.milliseconds), "attempts": .integer(attempts),
    ]
    object["ended"] = ended.map { .integer($0.milliseconds) }
    object["not_before"] = notBefore.map { .integer($0.milliseconds) }
    object["refresh_expires"] = refreshExpires.map { .integer($0.milliseconds) }
    object["refused_scope"] = refusedScope.map { .string($0) }
    object["code"] = failure.map { .string($0.code.name) }
    object["reason"] = failure.map { .string($0.reason) }
    return JSONValue.object(object).bytes()
  }

  init?(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes), value["v"]?.integer == 1,
      let state = value["state"]?.string.flatMap(State.init),
      let by = value["by"]?.string.flatMap({ Identifier(hex: $0) }),
      let fence = value["fence"]?.integer.flatMap(UInt64.init(exactly:)),
      let revision = value["revision"]?.integer.flatMap(UInt64.init(exactly:)),
      let sent = value["sent"]?.integer, let attempts = value["attempts"]?.integer, 0...Self.mostAttempts ~= attempts
    else { return nil }
    func time(_ key: String) -> Timestamp? { value[key]?.integer.map { Timestamp(milliseconds: $0) } }
    self.init(
      state: state, fence: fence, revision: revision, by: by, sent: Timestamp(milliseconds: sent), attempts: attempts)
    (ended, notBefore, refreshExpires) = (time("ended"), time("not_before"), time("refresh_expires"))
    refusedScope = value["refused_scope"]?.string
    if let code = value["code"]?.string, let reason = value["reason"]?.string {
      // A newer version may use a code that this one does not know.
      failure = Failure(code: VaultError.Code(name: code) ?? .failed, reason: reason)
    }
  }
}

extension Core {
  func seal(
    _ journal: ExchangeJournal, of item: Identifier, _ generation: UInt64, _ key: borrowing MetadataKey
  ) -> [UInt8] {
    key.seal(journal.bytes, SealContext(.journal, vault: vault, item: item, version: generation))
  }

  /// Opens a token's journal. Nil if there is none. One that does not open was written by someone without the key.
  ///
  /// A journal under a metadata key that a member without the right still has may be forged. Only a doubt is taken from
  /// it, that an answer may be lost, and none of its text.
  func believedJournal(_ row: ExchangeRow, of item: Item) throws -> ExchangeJournal? {
    guard let sealed = row.journal else { return nil }
    guard let journal = try openedJournal(sealed, row.generation, of: item) else {
      throw VaultError(
        .integrity, "token \(item.id.hex): what is known of its last exchange does not open", subject: item.id.hex,
        hint: "compare with another copy of the vault; to exchange all the same, add \(step: .use(.askAgain))")
    }
    let isOlder = row.generation != item.metadataKey.generation
    guard isOlder || history.isMetadataKeyStale(of: item, for: me, at: now()) else { return journal }
    guard journal.state == .sent || journal.state == .unknown else { return nil }
    return ExchangeJournal(
      state: .unknown, fence: journal.fence, revision: journal.revision, by: journal.by, sent: journal.sent,
      attempts: journal.attempts)
  }

  private func openedJournal(_ sealed: [UInt8], _ generation: UInt64, of item: Item) throws -> ExchangeJournal? {
    guard generation >= 1, generation <= item.metadataKey.generation else { return nil }
    let links = generation == item.metadataKey.generation ? [] : try store.metadataKeys(of: item.id)
    let key = try metadataKey(metadataKey(of: item), of: item, before: generation, links, in: arena)
    let context = SealContext(.journal, vault: vault, item: item.id, version: generation)
    return (try? key.open(sealed, context)).flatMap { ExchangeJournal($0) }
  }
}
