internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
package import CustodyMemory

/// An access token that an exchange brought, kept sealed under the token's data key for as long as it lives.
package struct KeptAccessToken: ~Copyable {
  package let value: SecureBytes
  package let facts: Facts

  package consuming func takeValue() -> SecureBytes { value }

  package struct Facts: Equatable, Sendable {
    /// Number of the exchange that brought it.
    package var fence: UInt64 = 0
    /// Of the connector with which it was asked for.
    package var connectorRevision: UInt64 = 0
    package var obtained: Timestamp
    /// Nothing where the provider does not say.
    package var expires: Timestamp?
    package var scopes: [String] = []
    package var apiBase: String?

    package init(obtained: Timestamp) { self.obtained = obtained }
  }
}

extension KeptAccessToken.Facts {
  fileprivate var bytes: [UInt8] {
    var object: JSONObject = [
      "v": 1, "fence": .integer(fence), "connector_revision": .integer(connectorRevision),
      "obtained": .integer(obtained.milliseconds), "scopes": .array(scopes.map { .string($0) }),
    ]
    object["expires"] = expires.map { .integer($0.milliseconds) }
    object["api_base"] = apiBase.map { .string($0) }
    return JSONValue.object(object).bytes()
  }

  fileprivate init?(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes), value["v"]?.integer == 1,
      let fence = value["fence"]?.integer.flatMap(UInt64.init(exactly:)),
      let connector = value["connector_revision"]?.integer.flatMap(UInt64.init(exactly:)),
      let obtained = value["obtained"]?.integer, let scopes = value["scopes"]?.array?.compactMap(\.string)
    else { return nil }
    self.init(obtained: Timestamp(milliseconds: obtained))
    (self.fence, connectorRevision, self.scopes) = (fence, connector, scopes)
    expires = value["expires"]?.integer.map { Timestamp(milliseconds: $0) }
    apiBase = value["api_base"]?.string
  }
}

/// The facts in JSON, a zero byte, the token: what has secrets in it is not parsed as text.
extension Core {
  func seal(
    _ value: borrowing SecureBytes, _ facts: KeptAccessToken.Facts, of opened: borrowing Opened
  ) throws -> [UInt8] {
    var whole = try SecureBuffer(capacity: value.count + 512)
    for byte in facts.bytes { try whole.append(byte) }
    try whole.append(0)
    try whole.append(value)
    return try opened.dataKey.seal(secret: whole.finish(), context(of: opened.item), in: arena)
  }

  /// Nil where there is none, and where there is one that this item's data key did not seal.
  func keptAccessToken(_ sealed: [UInt8]?, of opened: borrowing Opened) throws -> KeptAccessToken? {
    guard let sealed else { return nil }
    let whole: SecureBytes
    do { whole = try opened.dataKey.openSecret(sealed, context(of: opened.item), in: arena) } catch is CryptoError {
      return nil
    }
    var head: [UInt8] = []
    while let byte = whole.byte(at: head.count), byte != 0 { head.append(byte) }
    guard head.count < whole.count, let facts = KeptAccessToken.Facts(head) else { return nil }
    return KeptAccessToken(value: try whole.slice(head.count + 1..<whole.count), facts: facts)
  }

  private func context(of item: Item) -> SealContext {
    SealContext(.accessToken, vault: vault, item: item.id, version: item.generation)
  }
}
