import CustodyEvidence
import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Numbers that somebody wrote into evidence, at the ends of what an integer holds: each is refused, and none
/// ends the process.
struct HostileNumbersTests {
  static let ends: [UInt64] = [
    0, 1, 255, 256, 65_535, 1 << 31, 1 << 32, 1 << 48, 1 << 53, 1 << 56, 1 << 62, (1 << 63) - 1, 1 << 63, .max - 1,
    .max,
  ]
  let vault: TemporaryVault
  private var folder: String { vault.folder }

  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
    var part = LogFilter()
    part.actions = [.tokenStore, .connectorRegister]
    for (name, filter) in [("whole", LogFilter()), ("part", part)] {
      _ = try vault.session(.audrey).exportBundle(filter, to: "\(folder)/\(name)")
      #expect(try Evidence.verify(at: "\(folder)/\(name)").verdicts.holds)
      #expect(try Evidence.verify(at: "\(folder)/\(name)/log.jsonl").verdicts.holds)
    }
  }

  /// Every number of these forms in the file, one at a time, by every end.
  private func tryAll(_ file: String, _ forms: [String], opening evidence: String) throws {
    let path = "\(folder)/\(file)"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var tried = 0
    for form in forms {
      for place in text.ranges(of: try Regex(form).anchorsMatchLineEndings()) {
        let digits = try #require(text[place].firstMatch(of: /[0-9]+/)).range
        for end in Self.ends where String(end) != text[digits] {
          try Data(text.replacingCharacters(in: digits, with: String(end)).utf8).write(to: URL(fileURLWithPath: path))
          let found = refusal { _ = try Evidence.verify(at: "\(folder)/\(evidence)") }
          #expect(found?.code == .integrity, "\(file), \(text[place]) by \(end): \(String(describing: found))")
          tried += 1
        }
      }
    }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    #expect(tried >= forms.count * (Self.ends.count - 1))
  }

  @Test func `an index or a version in an export's lines`() throws {
    for name in ["whole", "part"] {
      try tryAll("\(name)/log.jsonl", [#""index":\d+"#, #""v":\d+"#], opening: "\(name)/log.jsonl")
    }
  }

  @Test func `the size of a bundle's checkpoint, and an index in a proof`() throws {
    for name in ["whole", "part"] { try tryAll("\(name)/checkpoint", [#"^\d+$"#], opening: name) }
    let proofs = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/part/proofs").sorted()
    let proof = try #require(proofs.first { $0.contains(".") })
    try tryAll("part/proofs/\(proof)", [#"^index \d+$"#, #"^\d+$"#], opening: "part")
  }

  @Test func `a checkpoint that is given beside`() throws {
    let note = try String(contentsOfFile: "\(folder)/whole/checkpoint", encoding: .utf8)
    let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
    for end in Self.ends where String(end) != lines[1] {
      var expectation = Expectation()
      let head = "\(lines[0])\n\(end)\n\(lines[2])\n"
      expectation.checkpoint = try #require(Checkpoint(parsing: Array(head.utf8)))
      for name in ["whole", "part"] {
        #expect(try !Evidence.verify(at: "\(folder)/\(name)", expecting: expectation).verdicts.holds, "\(end)")
      }
    }
  }

  @Test func `places, proofs and tiles of any size`() {
    for size in Self.ends {
      #expect(Tile.all(ofSize: size).prefix(3).map(\.path).count <= 3)
      for index in Self.ends {
        let inclusion = InclusionProof(index: index, size: size, path: [])
        #expect(!inclusion.verifies(leaf: MerkleTree.emptyRoot, root: MerkleTree.emptyRoot) || size == 1)
        _ = InclusionProof(index: index, size: size) { _ in MerkleTree.emptyRoot }
        let consistency = ConsistencyProof(oldSize: index, newSize: size, path: [])
        _ = consistency.verifies(oldRoot: MerkleTree.emptyRoot, newRoot: MerkleTree.emptyRoot)
        _ = ConsistencyProof(from: index, to: size) { _ in MerkleTree.emptyRoot }
      }
    }
    #expect(Cosignature.time(.max) == Timestamp(milliseconds: .max))
  }
}
