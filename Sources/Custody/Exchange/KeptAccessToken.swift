internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
package import CustodySecrets
package import CustodyValues

/// An access token from an exchange, kept until it expires. It is sealed under the token's data key and then under the
/// connector's, because a member who holds only one of them could not have made the exchange.
package struct KeptAccessToken: ~Copyable {
  package let value: SecureBytes
  package let facts: Facts

  package consuming func takeValue() -> SecureBytes { value }

  package struct Facts: Equatable, Sendable {
    /// Number of the exchange that brought it.
    package var fence: UInt64 = 0
    package var obtained: Timestamp
    /// Nil if the provider does not say.
    package var expires: Timestamp?
    package var scopes: [String] = []
    package var apiBase: String?

    package init(obtained: Timestamp) { self.obtained = obtained }
  }
}

extension KeptAccessToken.Facts {
  fileprivate var bytes: [UInt8] {
    var object: JSONObject = [
      "v": 1, "fence": .integer(fence), "obtained": .integer(obtained.milliseconds),
      "scopes": .array(scopes.map { .string($0) }),
    ]
    object["expires"] = expires.map { .integer($0.milliseconds) }
    object["api_base"] = apiBase.map { .string($0) }
    return JSONValue.object(object).bytes()
  }

  fileprivate init?(_ bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes), value["v"]?.integer == 1,
      let fence = value["fence"]?.integer.flatMap(UInt64.init(exactly:)),
      let obtained = value["obtained"]?.integer, let scopes = value["scopes"]?.array?.compactMap(\.string)
    else { return nil }
    self.init(obtained: Timestamp(milliseconds: obtained))
    (self.fence, self.scopes) = (fence, scopes)
    expires = value["expires"]?.integer.map { Timestamp(milliseconds: $0) }
    apiBase = value["api_base"]?.string
  }
}

/// Format: the facts in JSON, a zero byte, the access token. The secret part is never parsed as text.
extension Core {
  func seal(
    _ value: borrowing SecureBytes, _ facts: KeptAccessToken.Facts, of opened: borrowing Opened,
    _ claim: borrowing ExchangeClaim
  ) throws -> [UInt8] {
    guard let item = history.items[opened.item.id] else { throw broken(opened.item, "it is not in the log") }
    var whole = try SecureBuffer(capacity: value.count + 512)
    for byte in facts.bytes { try whole.append(byte) }
    try whole.append(0)
    try whole.append(value)
    let sealed = try opened.dataKey.seal(secret: whole.finish(), context(of: item), in: arena)
    return claim.connectorKey.seal(sealed, outerContext(of: claim.connector))
  }

  /// Opens the kept access token. Nil if there is none, or if it was sealed for another value or under other keys.
  func keptAccessToken(
    _ sealed: [UInt8]?, of opened: borrowing Opened, _ connector: borrowing Opened
  ) throws -> KeptAccessToken? {
    guard let outer = sealed, let sealed = try? connector.dataKey.open(outer, outerContext(of: connector.item)) else {
      return nil
    }
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
    SealContext(.accessToken, vault: vault, item: item.id, version: item.generation, revision: item.revision)
  }

  private func outerContext(of connector: Item) -> SealContext {
    SealContext(
      .accessTokenOfConnector, vault: vault, item: connector.id, version: connector.generation,
      revision: connector.revision)
  }
}
