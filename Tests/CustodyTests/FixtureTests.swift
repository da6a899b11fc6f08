import CustodyEvidence
@testable import CustodyCrypto
import Custody
import CustodyLog
import CustodySecrets
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// A vault that an earlier version wrote, made once and never again. It must open for ever.
struct FixtureTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/v1").path
  private static let people = [
    "ada": "29652552fcbfde3132689dba0d056a64", "dev": "f89ad02d699e243f42813cdd594b21b4",
    "audrey": "923627d5b5144de398b2f998df560f69",
  ]

  private func session(_ name: String, _ path: String) throws -> Session {
    let id = try #require(Self.people[name].flatMap { Identifier(hex: $0) })
    return try Vault.open(at: path).unlock(
      as: id, by: .passphrase(secret("\(name) of the first format")), pins: .unpinned)
  }

  @Test func `a vault of format 1 opens, verifies and gives its secret`() throws {
    let folder = try TemporaryVault.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/vault.db"
    try FileManager.default.copyItem(atPath: Self.folder + "/vault.db", toPath: path)
    let value = text(try session("dev", path).reveal("contoso/crm-sync", how: .pipe))
    #expect(value == "refresh token 2")
    let audrey = try session("audrey", path)
    #expect(try audrey.verifyEverything().opened == 0)
    var reasons: [String] = []
    try audrey.eachLogLine(LogFilter()) { if let reason = $0.reason { reasons.append(reason) } }
    #expect(reasons == ["stands in", "yearly", "longer", "back again", "tenant left"])
    let verified = try session("ada", path).verifyEverything()
    #expect(verified.opened == 1)
    #expect(verified.verdicts.completeness.map(\.kind) == [.cosignature(by: "audrey")])
  }

  @Test func `an export of format 1 verifies from its bytes alone`() throws {
    let lines = try String(contentsOfFile: Self.folder + "/export.jsonl", encoding: .utf8).split(separator: "\n")
    var history = History()
    for line in lines where line.hasPrefix(#"{"v":1,"type":"entry""#) {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(try history.fold(unbase64(object.text("entry"))).void == nil)
    }
    let last = try #require(try JSONSerialization.jsonObject(with: Data(lines[lines.count - 1].utf8)) as? [String: Any])
    let note = try #require(SignedNote(parsing: Array(last.text("note").utf8)))
    let checkpoint = try #require(Checkpoint(parsing: note.text))
    #expect(checkpoint.size == history.size)
    try history.check(checkpoint)
    let signers = history.members.map { VerifierKey(name: history.origin, ed25519: $0.keys.checkpoints.bytes) }
    #expect(signers.contains { $0.verify(note) })
    // And all that stands beside the entries.
    #expect(try Evidence.verify(at: Self.folder + "/export.jsonl").verdicts.holds)
  }

  @Test func `a box that another library sealed opens`() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: Self.folder + "/sealed-box.json"))
    let file = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let arena = try SecureArena()
    var made: BoxKey?
    try file.hex("seed").withUnsafeBytes { made = try BoxKey(seed: $0, in: arena) }
    guard let key = made.take() else { throw CryptoError() }
    let publicKey = key.publicKey.bytes.bytes
    #expect(publicKey == file.hex("public"))
    #expect(try key.open(file.hex("sealed")) == file.hex("message"))
  }
}
