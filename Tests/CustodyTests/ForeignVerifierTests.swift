import CustodyEvidence
import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Verifiers that nobody here wrote, made by `make venv`. On CI they must be there.
enum Foreign {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(".build/venv").path

  static let areThere =
    FileManager.default.fileExists(atPath: folder + "/.ready") || ProcessInfo.processInfo.environment["CI"] != nil

  /// Reads a bundle by tlog-scales and metamorphic-log: checkpoints, every entry and tile, inclusion, consistency.
  static let script = """
    import pathlib, sys
    from tlog_scales import backend, signing, tiles, tlog
    from tlog_scales.reader import TilesReader
    import metamorphic_log as m
    folder, old = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    policy = [line.split() for line in (folder / "tlog-policy").read_text().splitlines()]
    logs = [words[1] for words in policy if words[0] == "log"]
    witnesses = [words[2] for words in policy if words[0] == "witness"]
    note = (folder / "checkpoint").read_text()
    reader = TilesReader(backend.LocalBackend(folder))
    head = reader.get_checkpoint()
    def signed(vkey):
        try: head.verify(signing.Vkey.from_string(vkey))
        except Exception: return False
        return True
    assert [signed(vkey) for vkey in logs].count(True) == 1
    assert all(signed(vkey) for vkey in witnesses)
    assert m.checkpoint_verify(note, logs).size == head.size
    assert reader.calculate_root_hash() == head.root_hash
    keys = {line.split()[0] for line in (folder / "actors.txt").read_text().splitlines()}
    for index in range(head.size):
        entry = reader.get_entry(index)
        leaf = tiles.leaf_hash(entry)
        assert reader._get_from_tile(0, index // 256, index % 256) == leaf, index
        assert m.verify_signed_note(entry.decode(), list(keys)) == 1
        if index % 97 == 0 or index == head.size - 1:
            proof = reader.get_inclusion_proof(index, head.size)
            proof.check(leaf, head.root_hash)
            m.checkpoint_verify_inclusion(note, logs, index, leaf, proof.node_hashes)
    before = (old / "checkpoint").read_text()
    older = tlog.Checkpoint.from_text(before)
    consistency = reader.get_consistency_proof(older.size, head.size)
    consistency.check(older.root_hash, head.root_hash)
    # Each bundle's head by the other's policy, whoever signed it.
    oldlogs = [line.split()[1] for line in (old / "tlog-policy").read_text().splitlines() if line.startswith("log")]
    for keys in [logs, oldlogs]: m.checkpoint_verify_consistency(before, note, keys, consistency.node_hashes)
    print("accepted", head.size, len(witnesses))
    """

  static func verify(_ bundle: String, leadingOnFrom old: String) throws -> (status: Int32, output: String) {
    try Products.run(folder + "/bin/python", ["-c", script, bundle, old])
  }
}

@Suite(.enabled(if: Foreign.areThere, "run \"make venv\" first: verifiers of others are not there"))
struct ForeignVerifierTests {
  let vault: TemporaryVault

  /// A thousand entries, most of them in one transaction.
  init() throws {
    vault = try TamperTests.busyVault()
    _ = try vault.session(.audrey).exportBundle(LogFilter(), to: vault.folder + "/old")
    let ada = try vault.session(.ada)
    let missing = 1000 - Int(ada.logSize)
    try ada.commit { transaction in
      for _ in 0..<missing { try transaction.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    }
    _ = try vault.session(.audrey).exportBundle(LogFilter(), to: bundle)
  }

  private var bundle: String { vault.folder + "/bundle" }
  private var old: String { vault.folder + "/old" }

  private func change(_ name: String, at place: Int, _ body: () throws -> Void) throws {
    let url = URL(fileURLWithPath: "\(bundle)/\(name)")
    let before = try Data(contentsOf: url)
    var data = before
    data[place < 0 ? data.count + place : place] ^= 1
    try data.write(to: url)
    try body()
    try before.write(to: url)
  }

  @Test func `tlog-scales and metamorphic-log accept a thousand entries, and no changed copy`() throws {
    let (status, output) = try Foreign.verify(bundle, leadingOnFrom: old)
    #expect(status == 0, "\(output)")
    #expect(output.hasPrefix("accepted 1000 0"), "\(output)")
    #expect(try Evidence.verify(at: bundle).entries == 1000)
    for (name, place) in [
      ("checkpoint", 80), ("checkpoint", -9), ("tile/0/000", 77), ("tile/1/000.p/3", 5), ("tile/0/003.p/232", -1),
      ("tile/entries/001", 500), ("tile/entries/003.p/232", -9),
    ] {
      try change(name, at: place) {
        let verdict = try Foreign.verify(bundle, leadingOnFrom: old)
        #expect(verdict.status != 0, "\(name) at \(place)")
        #expect(refusal { _ = try Evidence.verify(at: bundle) }?.code == .integrity, "\(name) at \(place)")
      }
    }
  }

  @Test(arguments: [false, true])
  func `VERIFY_txt's own commands check an entry, with openssl and sha256sum and with tools of others`(part: Bool)
    throws
  {
    var filter = LogFilter()
    if part { filter.tenant = "contoso" }
    let place = vault.folder + "/shown"
    _ = try vault.session(.audrey).exportBundle(filter, to: place)
    let text = try String(contentsOfFile: place + "/VERIFY.txt", encoding: .utf8)
    var commands = text.split(separator: "\n").filter { $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
    #expect(commands.count == (part ? 15 : 11))
    // They are installed; and our own is where the build put it.
    commands = commands.map { command in
      command.hasPrefix("python3 -m venv") ? "ln -s '\(Foreign.folder)' \"$T/venv\"" : command
    }
    let script = "set -ex; cd '\(place)'; PATH=\"\(Products.folder):$PATH\"\n" + commands.joined(separator: "\n")
    let (status, output) = try Products.run("/bin/sh", ["-c", script])
    #expect(status == 0, "\(output)")
    let leaf = try #require(text.firstMatch(of: /hash is\s+([0-9a-f]{64})\./)?.output.1)
    #expect(output.contains("\(leaf)  -"), "\(output)")
    #expect(output.contains("Signature Verified Successfully"), "\(output)")
    #expect(output.contains("everything holds"), "\(output)")
    #expect(!part || output.contains("included"), "\(output)")
  }
}
