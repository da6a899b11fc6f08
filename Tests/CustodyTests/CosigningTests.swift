import CustodyEvidence
import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Proofs of one entry, checkpoints that are handed round, and who vouches for them.
struct CosigningTests {
  let vault: TemporaryVault

  init() throws { vault = try TamperTests.busyVault(isCosigned: false) }

  private func path(_ name: String) -> String { vault.folder + "/" + name }

  private static func head(_ note: SignedNote) throws -> Checkpoint { try #require(Checkpoint(parsing: note.text)) }

  private func refused(_ session: borrowing Session, _ bytes: [UInt8]) throws -> VaultError? {
    let checkpoint = try shown(bytes)
    do { _ = try session.cosign(checkpoint) } catch { return error }
    return nil
  }

  private func shown(_ bytes: [UInt8]) throws -> CheckpointRequest.Shown {
    try #require(CheckpointRequest.Shown(bytes))
  }

  @Test func `every entry proves its place, with the newest checkpoint`() throws {
    let session = try vault.session(.audrey)
    for index in 0..<session.logSize {
      let proof = try session.prove(index)
      #expect(LogProof(parsing: proof.bytes) == proof)
      let (inclusion, checkpoint) = try #require(proof.inclusion)
      let entry = try #require(proof.extra)
      #expect(inclusion.verifies(leaf: MerkleTree.leafHash(entry), root: checkpoint.root))
      let size = session.logSize
      #expect(checkpoint.size == size)
    }
    let size = session.logSize
    let error = refusal { _ = try session.prove(size) }
    #expect(error?.code == .notFound)
    #expect(error?.hint?.description.contains("the log has \(size) entries") == true)
  }

  @Test func `a request to a witness proves that the log leads on from every size`() throws {
    let session = try vault.session(.audrey)
    let head = try Self.head(session.checkpoint())
    var roots = [MerkleTree.emptyRoot]
    var tree = MerkleTree()
    try session.eachLogLine(LogFilter()) {
      tree.append($0.leafHash)
      roots.append(tree.root)
    }
    for size in 0...session.logSize {
      let request = try session.checkpointRequest(from: size)
      #expect(CheckpointRequest(parsing: request.bytes) == request)
      let proof = try #require(try shown(request.bytes).proof)
      #expect(proof.verifies(oldRoot: roots[Int(size)], newRoot: head.root))
    }
    let beyond = session.logSize + 1
    let error = refusal { _ = try session.checkpointRequest(from: beyond) }
    #expect(error?.code == .notFound)
  }

  @Test func `a cosigned checkpoint says so in the vault, in a bundle and in an export`() throws {
    let dev = try vault.session(.dev)
    let note = try dev.checkpoint()
    let size = dev.logSize
    for person in [Person.ada, .audrey] {
      let session = try vault.session(person)
      let cosigned = try session.cosign(shown(note.bytes))
      #expect(cosigned.isStored)
      // Once more: the same line, and no second entry.
      let before = session.logSize
      let again = try session.cosign(shown(note.bytes))
      #expect(again.line == cosigned.line)
      let after = session.logSize
      #expect(after == before)
    }
    let verified = try vault.session(.bea).verifyLog()
    let names = verified.verdicts.completeness.map { "\($0.kind) \($0.size)" }
    #expect(names.count == 2)
    #expect(names.allSatisfy { $0.contains("cosignature") && $0.hasSuffix(" \(size)") }, "\(names)")
    _ = try vault.session(.bea).exportBundle(LogFilter(), below: size, to: path("bundle"))
    let report = try Evidence.verify(at: path("bundle"))
    #expect(Set(report.cosigners.map(\.name)) == ["ada", "audrey"])
    #expect(report.verdicts.completeness.map(\.size) == [size, size])
    let policy = try #require(
      TrustPolicy(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: path("bundle/tlog-policy"))))))
    #expect(policy.witnesses.count == 2)
    #expect(policy.quorum == "cosigners")
    var filter = LogFilter()
    filter.tenant = "fabrikam"
    _ = try vault.session(.bea).exportBundle(filter, below: size, to: path("part"))
    #expect(try Evidence.verify(at: path("part")).cosigners.count == 2)
    if Foreign.areThere {
      let (status, output) = try Foreign.verify(path("bundle"), leadingOnFrom: path("bundle"))
      #expect(status == 0, "\(output)")
      #expect(output.hasPrefix("accepted \(size) 2"))
    }
    let place = URL(fileURLWithPath: path("bundle/checkpoint"))
    let text = try String(contentsOf: place, encoding: .utf8)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let line = lines[5]
    lines[5] = line.dropLast(8) + (line.hasSuffix("AAAAAAA=") ? "BBBBBBA=" : "AAAAAAA=")
    try Data(lines.joined(separator: "\n").utf8).write(to: place)
    #expect(refusal { _ = try Evidence.verify(at: path("bundle")) }?.code == .integrity)
  }

  @Test func `nobody cosigns their own, another log's, an unsigned one or another history`() throws {
    let dev = try vault.session(.dev)
    let ada = try vault.session(.ada)
    let note = try dev.checkpoint()
    let head = try #require(Checkpoint(parsing: note.text))
    let own = try refused(dev, note.bytes)
    #expect(own?.code == .badInput)
    let foreign = try TamperTests.busyVault(.second, isCosigned: false).session(.dev).checkpoint()
    let other = try refused(ada, foreign.bytes)
    #expect(other?.reason == "the checkpoint is of another log")
    let root = try #require(Digest([UInt8](repeating: 9, count: 32)))
    let forged = Checkpoint(origin: head.origin, size: head.size, root: root).note(signatures: note.signatures)
    let unsigned = try refused(ada, forged.bytes)
    #expect(unsigned?.code == .integrity)
    #expect(unsigned?.reason.contains("no member of this log has signed") == true)
  }

  @Test func `a checkpoint of a fork is not cosigned, though a member signed it`() throws {
    try RawFile(vault.path).run("PRAGMA wal_checkpoint(TRUNCATE)")
    let fork = path("fork.db")
    try FileManager.default.copyItem(atPath: vault.path, toPath: fork)
    let dev = try #require(vault.people[.dev])
    let aside = try Vault.open(at: fork).unlock(
      as: dev, by: .passphrase(secret(Person.dev.passphrase)), pins: .unpinned)
    _ = try aside.reveal("contoso/crm-sync", how: .file)
    let forked = try aside.checkpoint()
    _ = try vault.session(.dev).reveal("contoso/crm-sync", how: .tty)
    let ada = try vault.session(.ada)
    let same = try refused(ada, forked.bytes)
    #expect(same?.code == .integrity)
    #expect(same?.reason.contains("another record than yours") == true)
    _ = try aside.reveal("contoso/crm-sync", how: .file)
    let size = ada.logSize
    let longer = try aside.checkpointRequest(from: size)
    let proved = try refused(ada, longer.bytes)
    #expect(proved?.reason.contains("another record than yours") == true)
  }

  @Test func `a checkpoint beyond this copy is cosigned where a proof leads to it, and not kept`() throws {
    try RawFile(vault.path).run("PRAGMA wal_checkpoint(TRUNCATE)")
    let copy = path("copy.db")
    try FileManager.default.copyItem(atPath: vault.path, toPath: copy)
    _ = try vault.session(.dev).reveal("contoso/crm-sync", how: .tty)
    let newest = try vault.session(.dev)
    let bea = try #require(vault.people[.bea])
    let older = try Vault.open(at: copy).unlock(
      as: bea, by: .passphrase(secret(Person.bea.passphrase)), pins: .unpinned)
    let size = older.logSize
    let alone = try refused(older, newest.checkpoint().bytes)
    #expect(alone?.code == .badInput)
    #expect(alone?.hint?.steps == [.proveGrowth(from: size)])
    let cosigned = try older.cosign(shown(newest.checkpointRequest(from: size).bytes))
    #expect(!cosigned.isStored)
    let after = older.logSize
    #expect(after == size)
    let key = try older.members().first { $0.name == "bea" }?.cosignatureKey(origin: older.origin)
    let text = try newest.checkpoint().text
    #expect(key?.verify(cosigned.line, text: text) == true)
  }
}
