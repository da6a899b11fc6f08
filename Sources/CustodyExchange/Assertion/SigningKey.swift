internal import CustodySecrets
internal import CustodyValues

// Signatures are made by swift-crypto, and only if the package is built with the trait PrivateKeyJWT. Its keys live in
// ordinary memory: during a signature the connector's private key is outside of guarded memory.
#if PrivateKeyJWT
  internal import Crypto
  internal import CryptoExtras

  /// A connector's private key for signing assertions: P-256 or RSA (RFC 7518).
  struct SigningKey {
    static let isAvailable = true

    private enum Key {
      case p256(P256.Signing.PrivateKey)
      case rsa(_RSA.Signing.PrivateKey)
    }
    private let key: Key
    /// SHA-256 of the certificate beside the key, in base64url; nil if there is none.
    let thumbprint: String?

    init(pem: borrowing SecureBytes) throws(ExchangeError) {
      var bytes: [UInt8] = []
      for index in 0..<pem.count { bytes.append(pem.byte(at: index) ?? 0) }
      let blocks = PEMText(String(decoding: bytes, as: UTF8.self)).blocks
      let keys = blocks.filter { $0.label.hasSuffix("PRIVATE KEY") && $0.label != "ENCRYPTED PRIVATE KEY" }
      guard keys.count == 1, let text = keys.first?.text else { throw Self.unusable }
      if let key = try? P256.Signing.PrivateKey(pemRepresentation: text) {
        self.key = .p256(key)
      } else if let key = try? _RSA.Signing.PrivateKey(pemRepresentation: text) {
        self.key = .rsa(key)
      } else {
        throw Self.unusable
      }
      let certificate = blocks.first { $0.label == "CERTIFICATE" }.flatMap(\.bytes)
      thumbprint = certificate.map { Base64URL.encode(Array(SHA256.hash(data: $0))) }
    }

    /// The algorithm to use if the preset names none.
    var algorithm: AssertionAlgorithm { if case .p256 = key { .es256 } else { .rs256 } }

    func signature(of text: [UInt8], by algorithm: AssertionAlgorithm) throws(ExchangeError) -> [UInt8] {
      do {
        switch (key, algorithm) {
        case (.p256(let key), .es256): return Array(try key.signature(for: text).rawRepresentation)
        case (.rsa(let key), .rs256):
          return Array(try key.signature(for: text, padding: .insecurePKCS1v1_5).rawRepresentation)
        case (.rsa(let key), .ps256): return Array(try key.signature(for: text, padding: .PSS).rawRepresentation)
        default: break
        }
      } catch {
        throw Self.unusable
      }
      throw ExchangeError(
        .unsendable, "cannot sign for the connector: its key is not of the kind for \(algorithm.rawValue)")
    }

    private static var unusable: ExchangeError {
      ExchangeError(
        .unsendable,
        "cannot sign for the connector: its secret is not one PEM private key, P-256 or RSA of 2048 bits or more")
    }
  }
#else
  /// The signing key of a build without the trait PrivateKeyJWT: every use of it throws.
  struct SigningKey {
    static let isAvailable = false

    let algorithm = AssertionAlgorithm.es256
    let thumbprint: String? = nil

    init(pem: borrowing SecureBytes) throws(ExchangeError) { throw Self.absent }

    func signature(of text: [UInt8], by algorithm: AssertionAlgorithm) throws(ExchangeError) -> [UInt8] {
      throw Self.absent
    }

    private static var absent: ExchangeError {
      ExchangeError(.badPreset, "cannot sign for the connector: this Custody was built without the trait PrivateKeyJWT")
    }
  }
#endif
