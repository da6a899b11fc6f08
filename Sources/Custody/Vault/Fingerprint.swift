internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// A fingerprint that both sides compare before a member is approved: 160 bits of a SHA-256 over the vault and the
/// request.
public struct Fingerprint: Equatable, Sendable {
  /// Eight groups of four base32 characters, with dashes between them.
  public let text: String

  init(vault: Identifier, genesis: Digest, auditKey: Digest, request: [UInt8]) {
    var pieces = PreAuthentication(count: 5)
    pieces.add("custody/v1/fingerprint".utf8)
    pieces.add(vault)
    pieces.add(genesis.bytes)
    pieces.add(auditKey.bytes)
    pieces.add(request)
    let digits = Base32.encode(SHA256.hash(pieces.bytes).bytes[..<20])
    let groups = stride(from: 0, to: digits.count, by: 4).map { String(decoding: digits[$0..<$0 + 4], as: UTF8.self) }
    text = groups.joined(separator: "-")
  }

  /// Compares with a fingerprint as typed by a person. Ignores case, spaces and dashes.
  public func matches(_ typed: String) -> Bool {
    func letters(_ text: String) -> [UInt8] {
      text.utf8.filter { $0 != 0x20 && $0 != 0x2d }.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
    }
    return letters(typed) == letters(text)
  }
}
