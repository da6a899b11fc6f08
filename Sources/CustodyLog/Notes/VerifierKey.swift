internal import CustodyCrypto
package import CustodyValues

/// A public key that verifies notes, as C2SP's signed-note writes it: `NAME+KEYID+BASE64(type, public key)`.
package struct VerifierKey: Equatable, Sendable {
  package enum Kind: UInt8, Sendable {
    case ed25519 = 1
    /// C2SP's cosignature/v1: a time, and a signature over it and the checkpoint.
    case cosignature = 4
  }

  package let name: String
  package let kind: Kind
  package let publicKey: Digest
  package let keyID: UInt32

  package init(name: String, ed25519 publicKey: Digest) { self.init(name: name, kind: .ed25519, publicKey: publicKey) }

  package init(name: String, kind: Kind, publicKey: Digest) {
    (self.name, self.kind, self.publicKey) = (name, kind, publicKey)
    let hash = SHA256.hash(Array(name.utf8) + [0x0a, kind.rawValue] + publicKey.bytes)
    keyID = UInt32(UInt64(bigEndianBytes: hash.bytes[..<4]))
  }

  package static func == (one: VerifierKey, other: VerifierKey) -> Bool {
    one.keyID == other.keyID && one.kind == other.kind && one.publicKey == other.publicKey
      && one.name.hasSameBytes(as: other.name)
  }

  package init?(parsing text: String) {
    let parts = text.utf8.split(separator: 0x2b, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, NoteSignature.isValid(name: parts[0]), let key = Base64.decode(parts[2]), key.count == 33,
      let kind = Kind(rawValue: key[0]), let publicKey = Digest(key[1...])
    else { return nil }
    self.init(name: String(decoding: Array(parts[0]), as: UTF8.self), kind: kind, publicKey: publicKey)
    guard keyIDText.utf8.elementsEqual(parts[1]) else { return nil }
  }

  package var text: String {
    let key = Base64.encode([kind.rawValue] + publicKey.bytes)
    return "\(name)+\(keyIDText)+\(String(decoding: key, as: UTF8.self))"
  }

  package var keyIDText: String {
    String(decoding: Hex.encode(UInt64(keyID).bigEndianBytes(4)), as: UTF8.self)
  }

  package func line(signature: [UInt8]) -> NoteSignature {
    NoteSignature(name: name, keyID: keyID, signature: signature)
  }

  /// True if this key made this signature line over this text.
  package func verify(_ line: NoteSignature, text: [UInt8]) -> Bool {
    guard line.isBy(self) else { return false }
    switch kind {
    case .ed25519: return Signature.verify(line.signature, text, key: publicKey)
    case .cosignature:
      guard let (seconds, signature) = Cosignature.parse(line.signature) else { return false }
      return Signature.verify(signature, Cosignature.message(seconds, text), key: publicKey)
    }
  }

  package func verify(_ note: SignedNote) -> Bool { note.signatures.contains { verify($0, text: note.text) } }
}
