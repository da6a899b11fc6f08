import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// The files of which a bundle is made: what is read formats back to itself, and nothing else is read.
struct EvidenceFormatTests {
  private let hash = Data(repeating: 5, count: 32).base64EncodedString()
  private let line = "— example.com/log " + Data(repeating: 7, count: 68).base64EncodedString()
  private var note: String { "example.com/log\n300\n\(hash)\n\n\(line)\n" }

  @Test(arguments: [
    (Tile(.entries, number: 0), "tile/entries/000"), (Tile(.entries, number: 0, width: 15), "tile/entries/000.p/15"),
    (Tile(.hashes(level: 0), number: 1_234_067), "tile/0/x001/x234/067"),
    (Tile(.hashes(level: 1), number: 1000, width: 255), "tile/1/x001/000.p/255"),
    (Tile(.hashes(level: 2), number: 999), "tile/2/999"),
  ])
  func `a tile has one path, and a path one tile`(tile: Tile, path: String) {
    #expect(tile.path == path)
    #expect(Tile(path: path) == tile)
  }

  @Test(arguments: [
    "", "tile", "tile/0", "tile/0/", "tile/0/0", "tile/00/000", "tile/64/000", "tile/0/0000", "tile/0/x000/000",
    "tile/0/x001/x000", "tile/0/001/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/015", "tile/0/000.p",
    "tile/0/000.p/", "tile/0/000.p/1/2", "tile/0/000/", "/tile/0/000", "tile/entries/../000", "tile/0/x001/000.p/5/",
    "tile/data/000", "tile/0/-01", "tile/0/00x", "TILE/0/000",
  ])
  func `no other path is a tile's`(path: String) { #expect(Tile(path: path) == nil) }

  @Test func `a tree has the tiles that its size asks for`() {
    func paths(_ size: UInt64) -> [String] { Tile.all(ofSize: size).map(\.path) }
    #expect(paths(0) == [])
    #expect(paths(15) == ["tile/entries/000.p/15", "tile/0/000.p/15"])
    #expect(paths(256) == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"])
    #expect(
      paths(600) == [
        "tile/entries/000", "tile/entries/001", "tile/entries/002.p/88", "tile/0/000", "tile/0/001",
        "tile/0/002.p/88", "tile/1/000.p/2",
      ])
    #expect(paths(1 << 16).last == "tile/2/000.p/1")
  }

  @Test func `entries in a tile come back, and lengths that don't add up are refused`() {
    let entries: [[UInt8]] = [[], [1], Array(repeating: 2, count: 65535)]
    let bytes = entries.flatMap(EntryBundle.frame)
    #expect(EntryBundle.parse(bytes) == entries)
    #expect(EntryBundle.parse(Array(bytes.dropLast())) == nil)
    #expect(EntryBundle.parse(bytes + [0]) == nil)
    #expect(EntryBundle.parse(Array(repeating: 0, count: 2 * 257)) == nil)
  }

  @Test func `a proof comes back as it was`() throws {
    for text in [
      "c2sp.org/tlog-proof@v1\nextra QUJD\nindex 7\n\(hash)\n\(hash)\n\n\(note)",
      "c2sp.org/tlog-proof@v1\nindex 0\n\n\(note)",
    ] {
      let proof = try #require(LogProof(parsing: Array(text.utf8)))
      #expect(proof.bytes == Array(text.utf8))
      #expect(proof.inclusion?.proof.size == 300)
    }
  }

  @Test(arguments: [
    "", "c2sp.org/tlog-proof@v1\nindex 0\n\n", "c2sp.org/tlog-proof@v2\nindex 0\n\nNOTE",
    "c2sp.org/tlog-proof@v1\nindex 00\n\nNOTE", "c2sp.org/tlog-proof@v1\nindex 0\r\n\nNOTE",
    "c2sp.org/tlog-proof@v1\nextra QUJD\nextra QUJD\nindex 0\n\nNOTE",
    "c2sp.org/tlog-proof@v1\nextra QUJE=\nindex 0\n\nNOTE", "c2sp.org/tlog-proof@v1\nindex 0\nHASH\nNOTE",
    "c2sp.org/tlog-proof@v1\nindex 0\nHASH \n\nNOTE", "c2sp.org/tlog-proof@v1\nindex 0\n\nNOTE\n",
    "c2sp.org/tlog-proof@v1\nindex 0\nextra QUJD\n\nNOTE", "\u{feff}c2sp.org/tlog-proof@v1\nindex 0\n\nNOTE",
  ])
  func `what is not a proof is refused`(text: String) {
    let filled = text.replacingOccurrences(of: "NOTE", with: note).replacingOccurrences(of: "HASH", with: hash)
    #expect(LogProof(parsing: Array(filled.utf8)) == nil)
  }

  @Test func `a request to a witness comes back as it was`() throws {
    for text in ["old 0\n\n\(note)", "old 20\n\(hash)\n\(hash)\n\n\(note)"] {
      let request = try #require(CheckpointRequest(parsing: Array(text.utf8)))
      #expect(request.bytes == Array(text.utf8))
    }
    let tooMany = "old 1\n" + String(repeating: hash + "\n", count: 64) + "\n" + note
    for text in ["old\n\n\(note)", "old 01\n\n\(note)", "old 1\n\(hash)x\n\n\(note)", note, "", tooMany] {
      #expect(CheckpointRequest(parsing: Array(text.utf8)) == nil, "\(text.prefix(20))")
    }
  }

  @Test func `a policy comes back as it was, and one that names nobody is refused`() throws {
    let key = VerifierKey(name: "example.com/log", ed25519: SHA256.hash([1]))
    var policy = TrustPolicy()
    policy.logs = [key]
    #expect(String(decoding: policy.bytes, as: UTF8.self) == "log \(key.text)\nquorum none\n")
    #expect(TrustPolicy(parsing: policy.bytes) == policy)
    let cosigner = VerifierKey(name: "example.com/w", kind: .cosignature, publicKey: SHA256.hash([2]))
    policy.witnesses = [.init(name: "w1", key: cosigner), .init(name: "w2", key: cosigner)]
    policy.groups = [.init(name: "g", threshold: .atLeast(2), members: ["w1", "w2"])]
    policy.quorum = "g"
    #expect(TrustPolicy(parsing: policy.bytes) == policy)
    let log = "log \(key.text)\n"
    for text in [
      "", "quorum none\n", log, log + "quorum g\n", log + "quorum none\nquorum none\n", log + "sink x\nquorum none\n",
      log + "group g any w1\nquorum none\n", log + "witness none \(cosigner.text)\nquorum none\n",
      log + "witness w \(cosigner.text)\ngroup g 2 w\nquorum g\n", "log \(key.text)x\nquorum none\n",
      log + "witness w \(cosigner.text)\nwitness w \(cosigner.text)\nquorum w\n", log + "quorum none\r\n",
    ] { #expect(TrustPolicy(parsing: Array(text.utf8)) == nil, "\(text)") }
    #expect(TrustPolicy(parsing: Array("# ours\n\n\(log)quorum none\n".utf8))?.logs == [key])
  }

  @Test func `a member's cosignature holds over that checkpoint at that time`() throws {
    let arena = try SecureArena()
    let pair = try Seed.random(in: arena).cosignatureKey(in: arena)
    let key = VerifierKey(name: "custody.local/x", kind: .cosignature, publicKey: pair.publicKey)
    let text = Array("example.com/log\n300\n\(hash)\n".utf8)
    let signature = pair.sign(Cosignature.message(1_795_000_000, text))
    let line = key.line(signature: Cosignature.payload(1_795_000_000, signature))
    #expect(key.verify(line, text: text))
    #expect(Cosignature.parse(line.signature)?.seconds == 1_795_000_000)
    #expect(Cosignature.time(1_795_000_000).text == "2026-11-18T11:06:40.000Z")
    #expect(!key.verify(line, text: text + [0x0a]))
    #expect(!key.verify(key.line(signature: Cosignature.payload(1_795_000_001, signature)), text: text))
    #expect(Cosignature.time(.max) == Timestamp(milliseconds: .max))
  }
}

struct TileVectorTests {
  @Test func `Tessera's log lies in the same tiles`() throws {
    let file = try #require(try Vectors.json("c2sp-testlog") as? [String: Any])
    let entries = (file["entriesBase64"] as? [String] ?? []).map(unbase64)
    #expect(entries.count == 15)
    let tiles = Array(Tile.all(ofSize: UInt64(entries.count)))
    #expect(tiles.map(\.path) == [file.text("entryBundlePath"), file.text("level0TilePath")])
    #expect(entries.flatMap(EntryBundle.frame) == unbase64(file.text("entryBundleBase64")))
    #expect(EntryBundle.parse(unbase64(file.text("entryBundleBase64"))) == entries)
    #expect(entries.flatMap { MerkleTree.leafHash($0).bytes } == unbase64(file.text("level0TileBase64")))
    let key = try #require(VerifierKey(parsing: file.text("vkey")))
    var tree = MerkleTree()
    let checkpoints = try #require(file["checkpointsBySize"] as? [String: String])
    for size in 0...15 {
      let note = try #require(SignedNote(parsing: Array((checkpoints["\(size)"] ?? "").utf8)))
      #expect(key.verify(note))
      #expect(Checkpoint(parsing: note.text)?.root == tree.root)
      if size < 15 { tree.append(MerkleTree.leafHash(entries[size])) }
    }
  }
}
