internal import CustodyJSON
internal import CustodySecrets
internal import CustodyValues

/// A client assertion: a JWT that identifies the connector, signed with its private key (`private_key_jwt`, RFC 7523,
/// sections 2.2 and 3).
struct ClientAssertion {
  /// The `client_assertion_type` that is sent beside the assertion (RFC 7523, section 2.2).
  static let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
  /// Life of an assertion, in seconds.
  private static let seconds: Int64 = 300

  let connectorID: String
  /// The token endpoint's URL: only the server there is to accept the assertion.
  let audience: String
  /// Milliseconds since 1970.
  let now: Int64
  /// The signature's algorithm; if nil, the one that fits the key.
  let algorithm: AssertionAlgorithm?

  /// The signed JWT: header, claims and signature in the compact form of RFC 7515. `pem` holds the private key, and its
  /// certificate where the provider identifies keys by certificate.
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

  /// A random `jti`: a provider that checks it accepts the assertion only once.
  private static func unique() -> String {
    (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }.joined(separator: "-")
  }
}

/// Base64url without padding (RFC 4648, section 5).
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
