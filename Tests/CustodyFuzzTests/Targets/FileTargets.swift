@testable import CustodyEvidence
@testable import CustodyImport
import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodySystem
import CustodyValues
import Glibc

@testable import Custody

extension FuzzTarget {
  /// The first byte chooses the format, the second a map.
  static let importing = FuzzTarget(
    name: "import", longest: 4096,
    words: [
      "connectors", "tokens", "\"name\":", "\"secret\":", "export ", "name,secret,reach\n", "#refresh-token", "\"\"",
    ],
    seeds: {
      let formats = ImportFormat.allCases
      func seeds(_ ending: String, _ numbers: [UInt8]) -> [[UInt8]] {
        let texts = Seeds.files("Tests/Fixtures/cases", ending: ending).filter { $0.count < 4096 }
        return texts.flatMap { text -> [[UInt8]] in numbers.map { [$0, 1] + text } }
      }
      let own: [(ImportFormat, String)] = [
        (
          .csv,
          "type,name,provider,id,secret,reach\nconnector,crm,kaizala,1,s,\ntoken,contoso/crm,,,\"r\"\"t\",tenant\n"
        ),
        (.keepassCSV, "\"Account\",\"Login Name\",\"Password\",\"Comments\"\n\"crm\",\"id\",\"a\\\"b\",\"n\"\n"),
        (.env, "export A='x'\nB=\"y\\n\" # z\n"),
        (.json, #"{"v":1,"connectors":[{"name":"crm","provider":"p","id":"1","secret":"s"}],"tokens":[]}"#),
        (.op, #"[{"title":"crm","fields":[{"id":"password","label":"password","value":"s"}]}]"#),
        (.bws, #"[{"id":"1","key":"crm#connector-secret","value":"s","note":"a\nb"}]"#),
        (.vaultKV, #"{"data":{"data":{"crm#connector-secret":"s"},"metadata":{}}}"#),
      ]
      let ours: [[UInt8]] = own.map { [UInt8(formats.firstIndex(of: $0.0) ?? 0), 0] + utf8($0.1) }
      return ours + seeds(".csv", [0, 3]) + seeds(".env", [2]) + seeds(".json", [1, 4, 5, 6])
    }, run: read(imported:))

  private static func read(imported bytes: [UInt8]) throws {
    var feed = Feed(bytes)
    let format = ImportFormat.allCases[Int(feed.next()) % ImportFormat.allCases.count]
    let typed = feed.next() & 1 == 0 ? [] : ["Password=secret", "A=crm#refresh-token", "Title=name", "x=-"]
    do {
      let file = try ImportFile(SecureBytes(copying: feed.all()), format, map: ImportMap(typed: typed))
      let plan = try ImportPlan(file, format, .init(provider: "p", reach: .tenant))
      for (place, count) in plan.connectors.map({ ($0.secret, $0.byteCount) })
        + plan.tokens.map({ ($0.secret, $0.byteCount) })
      {
        try hold(try file.secret(at: place).count == count, "a secret has as many bytes as were counted")
      }
      for name in plan.connectors.map(\.details.name) + plan.tokens.map(\.details.name) {
        try hold(PrintableText.isClean(name), "a name is fit to be shown")
      }
    } catch let error as VaultError {
      try hold(PrintableText.isClean(error.reason), "an error is fit to be shown: \(error.reason)")
    }
  }

  static let template = FuzzTarget(
    name: "template", longest: 4096, words: ["custody://", "{{ custody://", "/refresh-token", " }}", "contoso/crm"],
    seeds: {
      let texts = [
        "a {{ custody://contoso/crm/access-token }} b custody://crm/connector-id\n", "{{custody://a/b/refresh-token}}x",
        "custody://crm/connector-secret custody://crm/connector-secret",
      ]
      return texts.map(utf8) + Seeds.files("share").filter { $0.count < 4096 }
    }, run: read(template:))

  private static func read(template bytes: [UInt8]) throws {
    let template: Template
    do { template = try Template(bytes) } catch {
      let place = Template.place(of: error.offset, in: bytes)
      return try hold(place.line > 0 && place.column > 0, "a slip has a place")
    }
    var (open, secrets) = ([UInt8](), 0)
    let values = try template.references.map { _ in SecretBox(try SecureBytes(copying: [0])) }
    try template.fill(values, open: { open += $0 }, secret: { _ in secrets += 1 })
    try hold(secrets == template.useCount, "each use is filled")
    try hold(open.count <= bytes.count, "nothing open is added")
    try hold(secrets > 0 || open == bytes, "a text without references is passed on")
    for (reference, offset) in template.references {
      try hold(bytes.indices.contains(offset), "a reference has a place")
      try hold(try Reference(typed: reference.text) == reference, "a reference is typed as it is shown")
    }
  }

  static let pin = FuzzTarget(
    name: "pin", longest: 4096,
    words: ["custody-pin/v1\n", "\nadmin ", "\nearlier ", "\nverified ", "custody-rescue/v1\n"],
    seeds: {
      guard let note = SignedNote(parsing: try Seeds.checkpoint), let person = Cast.shared.people.first else {
        return []
      }
      let time = Timestamp(milliseconds: 1_795_000_000_000)
      let pin = Pin(
        note, pinned: time, verified: (3, time),
        admins: [PinnedAdmin(id: person.id, signKey: person.keys.entries.bytes)],
        earlier: [Seen(size: 2, root: MerkleTree.emptyRoot)])
      let rescue = Rescue(revision: 1, made: 2, generation: 3, envelope: [1, 2], saved: time, sealed: [3])
      return [pin?.bytes ?? [], rescue.bytes]
    }, run: read(pin:))

  private static func read(pin bytes: [UInt8]) throws {
    if let pin = Pin(parsing: bytes) { try hold(pin.bytes == bytes, "a pin is written in one way") }
    if let rescue = Rescue(bytes) {
      // A time that no clock shows is read as the nearest that one does: what is sealed is not lost by it.
      let again = Rescue(rescue.bytes)
      try hold(again?.sealed == rescue.sealed && again?.envelope == rescue.envelope, "a rescue keeps what is sealed")
    }
  }

  /// A file: of JSON Lines, or packed. Or, after a 0, 1 or 2, a bundle's files, from which our archive, a zip or another's
  /// tar is made: names, contents, and of the last two how each is packed.
  static let bundle = FuzzTarget(
    name: "bundle", longest: 1 << 16,
    words: [
      "{\"v\":1,\"type\":\"entry\"", "\"index\":", "\"proof\":[", "tile/entries/000", "ustar", "PK\u{3}\u{4}",
      "<script type=\"application/jsonl\" id=\"log\">\n", "c2sp.org/tlog-proof@v1",
    ],
    seeds: {
      let lines = try Seeds.exportLines
      let log = try Seeds.log
      func joined(_ lines: [[UInt8]]) -> [UInt8] { lines.reduce([]) { $0 + $1 + [0x0a] } }
      let (whole, part) = (joined(lines), joined([lines[0], lines[1], lines[lines.count - 1]]))
      let entries = log.flatMap { EntryBundle.frame($0) }
      let hashes = log.flatMap { MerkleTree.leafHash($0).bytes }
      let files: [(String, [UInt8])] = [
        ("VERIFY.txt", []), ("actors.txt", []), ("checkpoint", try Seeds.checkpoint), ("disclosed.jsonl", []),
        ("limits.txt", []), ("log.csv", CSV.header), ("log.jsonl", Array(whole.prefix(9000))),
        ("tile/0/000.p/\(log.count)", hashes), ("tile/entries/000.p/\(log.count)", entries), ("tlog-policy", []),
      ]
      let proofs: [(String, [UInt8])] = [
        ("checkpoint", try Seeds.checkpoint), ("disclosed.jsonl", []), ("log.csv", CSV.header), ("log.jsonl", part),
        (LogProof.name(0), []),
      ]
      func framed(_ files: [(String, [UInt8])]) -> [UInt8] {
        files.reduce([0]) { $0 + block(utf8($1.0)) + block($1.1) }
      }
      func packed(_ kind: UInt8, _ mark: UInt8, _ top: String) -> [UInt8] {
        files.reduce([kind]) { $0 + block(utf8(top + $1.0)) + block($1.1) + [mark] }
      }
      let lone = PackedFiles.zip([(utf8("log.jsonl"), part, true)])
      return [
        whole, part, framed(files), framed(proofs), packed(1, 1, "bundle/"), packed(2, 0x30, "./"),
        PackedFiles.gzip(part), lone, PackedFiles.gzip(PackedFiles.tar([(utf8("log.jsonl"), part, 0x30)])),
      ]
    }, run: verify(bundle:))

  private static func verify(bundle bytes: [UInt8]) throws {
    var file = bytes
    var feed = Feed(bytes.dropFirst())
    switch bytes.first {
    case 0:
      file = []
      while !feed.isEmpty {
        let (name, content) = (feed.block(), feed.block())
        file += Archive.header(String(decoding: name, as: UTF8.self), size: content.count) ?? name
        file += content + [UInt8](repeating: 0, count: Archive.padding(after: content.count))
      }
      file += [UInt8](repeating: 0, count: 2 * Archive.block)
    case 1:
      var files: [([UInt8], [UInt8], Bool)] = []
      while !feed.isEmpty { files.append((feed.block(), feed.block(), feed.next() & 1 == 1)) }
      file = PackedFiles.zip(files)
    case 2:
      var files: [([UInt8], [UInt8], UInt8)] = []
      while !feed.isEmpty { files.append((feed.block(), feed.block(), feed.next())) }
      file = PackedFiles.tar(files)
    default: break
    }
    let path = try Scratch.write(file)
    do { _ = try Evidence.verify(at: path) } catch {
      try hold(PrintableText.isClean(error.reason), "an error is fit to be shown: \(error.reason)")
    }
  }
}

/// One file in memory that is written anew for each input, since bundles are read from files.
private enum Scratch {
  static func write(_ bytes: [UInt8]) throws -> String {
    let folder = FileStatus.isFolder("/dev/shm") ? "/dev/shm" : "/tmp"
    let path = "\(folder)/custody-fuzz-\(getpid())"
    let file = try NewFile(path: path, replacing: true)
    try file.write(bytes)
    try file.commit(.none)
    return path
  }
}

extension FileStatus {
  fileprivate static func isFolder(_ path: String) -> Bool { (try? FileStatus(path))?.kind == .folder }
}
