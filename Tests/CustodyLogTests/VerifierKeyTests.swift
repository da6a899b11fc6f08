import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodyValues
import Testing

/// Public keys as C2SP writes them, and the lines that they vouch for.
struct VerifierKeyTests {
  let arena: SecureArena
  let signer: Story.Person
  let key: VerifierKey
  let text = Array("example.com/log\n1\nAAAA\n".utf8)

  init() throws {
    arena = try SecureArena()
    signer = try Story.Person(arena)
    key = VerifierKey(name: "example.com/log", ed25519: signer.keys.entries.bytes)
  }

  @Test func `a key comes back as it was`() {
    #expect(VerifierKey(parsing: key.text) == key)
    let cosigner = VerifierKey(name: "wïtness.example", kind: .cosignature, publicKey: key.publicKey)
    #expect(VerifierKey(parsing: cosigner.text) == cosigner)
    #expect(cosigner.keyID != key.keyID)
  }

  @Test func `a key that is written in another way is refused`() {
    let parts = key.text.split(separator: "+", maxSplits: 2).map(String.init)
    let (name, id, bytes) = (parts[0], parts[1], parts[2])
    let foreign = Base64.encode([2] + key.publicKey.bytes)
    let short = Base64.encode([1] + key.publicKey.bytes.dropLast())
    let nearly = id == id.uppercased() ? "0" + id : id.uppercased()
    for text in [
      "", "+", "++", name, "\(name)+\(id)", "+\(id)+\(bytes)", "\(name) +\(id)+\(bytes)", "\(name)+\(nearly)+\(bytes)",
      "\(name)+\(id)0+\(bytes)", "\(name)+00000000+\(bytes)", "other.example+\(id)+\(bytes)", "\(name)+\(id)+\(bytes)=",
      "\(name)+\(id)+\(bytes)\n", "\(name)+\(id)+\(String(decoding: foreign, as: UTF8.self))",
      "\(name)+\(id)+\(String(decoding: short, as: UTF8.self))", "\u{feff}\(name)+\(id)+\(bytes)",
      "a\u{a0}b+\(id)+\(bytes)", "a\u{2028}b+\(id)+\(bytes)",
    ] { #expect(VerifierKey(parsing: text) == nil, "\(text)") }
  }

  @Test func `a line holds for its key's name, ID and text alone`() throws {
    let line = key.line(signature: try signer.seed.entryKey(in: arena).sign(text))
    #expect(key.verify(line, text: text))
    #expect(!key.verify(line, text: text + [0x0a]))
    let renamed = NoteSignature(name: "example.com/lög", keyID: line.keyID, signature: line.signature)
    #expect(!key.verify(renamed, text: text))
    #expect(!key.verify(NoteSignature(name: line.name, keyID: line.keyID &+ 1, signature: line.signature), text: text))
    let other = VerifierKey(name: key.name, ed25519: signer.keys.checkpoints.bytes)
    #expect(!other.verify(line, text: text))
  }

  @Test func `a name in another normal form is another name`() {
    let one = VerifierKey(name: "caf\u{e9}", ed25519: key.publicKey)
    let two = VerifierKey(name: "cafe\u{301}", ed25519: key.publicKey)
    #expect(one != two)
    #expect(!two.verify(NoteSignature(name: one.name, keyID: two.keyID, signature: []), text: text))
    let line = NoteSignature(name: one.name, keyID: 1, signature: [1])
    #expect(line != NoteSignature(name: two.name, keyID: 1, signature: [1]))
  }

  @Test func `a cosignature is over its time and the checkpoint, and no plain signature passes for one`() throws {
    let cosigning = try signer.seed.cosignatureKey(in: arena)
    let cosigner = VerifierKey(name: "witness.example", kind: .cosignature, publicKey: cosigning.publicKey)
    let time: [UInt8] = [0, 0, 0, 0, 0x6b, 0x49, 0xd2, 0x00]
    let signature = cosigning.sign(Array("cosignature/v1\ntime 1800000000\n".utf8) + text)
    #expect(cosigner.verify(cosigner.line(signature: time + signature), text: text))
    var later = time
    later[7] ^= 1
    #expect(!cosigner.verify(cosigner.line(signature: later + signature), text: text))
    #expect(!cosigner.verify(cosigner.line(signature: signature), text: text))
    #expect(!cosigner.verify(cosigner.line(signature: time + cosigning.sign(text)), text: text))
    let plain = VerifierKey(name: "witness.example", ed25519: cosigning.publicKey)
    #expect(!plain.verify(plain.line(signature: time + signature), text: text))
  }
}
