internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

/// A statement of who the connector is, signed with its private key: `private_key_jwt`, RFC 7523, sections 2.2 and 3.
struct ClientAssertion {
  /// What goes beside it.
  static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
  private static let seconds: Int64 = 300

  let connectorID: String
  /// The token endpoint: nobody else is to believe it.
  let audience: String
  /// Milliseconds since 1970.
  let now: Int64
  let algorithm: AssertionAlgorithm?

  /// Header, claims and signature, as RFC 7515 joins them. `pem` has the key, and its certificate where the provider knows keys
  /// by theirs.
  func sign(with pem: borrowing SecureBytes) throws(ExchangeError) -> SecureBytes {
    let key = try SigningKey(pem: pem)
    let algorithm = algorithm ?? key.algorithm
    var header: JSONObject = ["alg": .string(algorithm.rawValue), "typ": "JWT"]
    header["x5t#S256"] = key.thumbprint.map { .string($0) }
    let seconds = now / 1000
    let claims: JSONObject = [
      "iss": .string(connectorID), "sub": .string(connectorID), "aud": .string(audience), "jti": .string(Self.unique()),
      "nbf": .integer(seconds), "iat": .integer(seconds), "exp": .integer(seconds + Self.seconds),
    ]
    let text = [header, claims].map { Base64URL.encode(JSONValue.object($0).bytes()) }.joined(separator: ".")
    let signature = Base64URL.encode(try key.signature(of: Array(text.utf8), by: algorithm))
    do { return try SecureBytes(copying: Array("\(text).\(signature)".utf8)) } catch {
      throw ExchangeError(.noMemory, "cannot ask the provider: there is no memory for secrets")
    }
  }

  /// So that it can't be used again at a provider that looks.
  private static func unique() -> String {
    (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined(separator: "-")
  }
}

/// RFC 4648, section 5, without padding.
enum Base64URL {
  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0...group.count { text.append(digits[bits >> (18 - 6 * place) & 63]) }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
