internal import CustodyLog
internal import CustodyMemory

/// The files of a bundle, in a folder or in one archive.
struct BundleFiles {
  let names: [String]
  private let known: [String: Range<Int>?]
  private let folder: String
  private let archive: FileReader?

  init(folder: String) throws {
    names = try Self.checked(Folder.files(below: folder))
    known = Dictionary(names.map { ($0, nil) }) { first, _ in first }
    (self.folder, archive) = (folder, nil)
  }

  init(archive: FileReader) throws {
    guard let index = try Archive.index(archive) else {
      throw OpenEvidence.broken("the archive is damaged, or was written by another program")
    }
    names = try Self.checked(index.map(\.name))
    known = Dictionary(index.map { ($0.name, $0.range) }) { first, _ in first }
    (folder, self.archive) = ("", archive)
  }

  private static let plain: Set = [
    "VERIFY.txt", "actors.txt", "checkpoint", "disclosed.jsonl", "limits.txt", "log.csv", "log.jsonl", "scope",
    "tlog-policy",
  ]

  /// What is not of a bundle would not be verified, and be taken for evidence. Bytes first: strings that look alike are
  /// equal.
  private static func checked(_ names: [String]) throws -> [String] {
    for name in names {
      let isTile = name.utf8.starts(with: "tile/".utf8) || name.utf8.starts(with: "proofs/".utf8)
      guard name.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), isTile || plain.contains(name) else {
        throw OpenEvidence.broken("\"\(PrintableText.escape(name))\" is no file of a bundle")
      }
    }
    return names
  }

  func open(_ name: String) throws -> (file: FileReader, range: Range<Int>) {
    guard let place = known[name] else { throw OpenEvidence.broken("\"\(name)\" is missing") }
    if let archive, let place { return (archive, place) }
    let file = try FileReader("\(folder)/\(name)")
    return (file, 0..<file.size)
  }

  func lines(_ name: String) throws -> FileLines {
    let (file, range) = try open(name)
    return FileLines(file, from: range.lowerBound, count: range.count)
  }

  /// Nil where there is none of that name, or it is larger.
  func read(_ name: String, limit: Int) throws -> [UInt8]? {
    guard known[name] != nil else { return nil }
    let (file, range) = try open(name)
    return range.count <= limit ? try file.read(at: range.lowerBound, count: range.count) : nil
  }
}

/// A bundle: tiles of a whole log, or proofs of a part of it.
struct BundleSource: EvidenceSource {
  let note: SignedNote
  let scope: SignedNote?
  let disclosures: [Disclosure]
  private let files: BundleFiles
  private let checkpoint: Checkpoint
  /// Of what stands in proofs/, in order.
  private let indices: [UInt64]

  init(_ files: BundleFiles) throws {
    self.files = files
    guard let bytes = try files.read("checkpoint", limit: SignedNote.limit) else {
      throw OpenEvidence.broken("there is no \"checkpoint\" in it")
    }
    guard let note = SignedNote(parsing: bytes), let checkpoint = Checkpoint(parsing: note.text) else {
      throw OpenEvidence.broken("its checkpoint cannot be read")
    }
    (self.note, self.checkpoint) = (note, checkpoint)
    let proofs = files.names.filter { $0.utf8.starts(with: "proofs/".utf8) }
    scope = try Self.scope(files, isPart: !proofs.isEmpty)
    indices = try proofs.map(Self.index).sorted()
    var (shown, lines): ([Disclosure], FileLines) = ([], try files.lines("disclosed.jsonl"))
    while let line = try lines.next() { shown.append(try LinesSource.disclosure(line)) }
    disclosures = shown
    let tiles = Set(scope == nil ? Tile.all(ofSize: checkpoint.size).prefix(files.names.count + 1).map(\.path) : [])
    for name in files.names where name.utf8.starts(with: "tile/".utf8) && !tiles.contains(name) {
      throw OpenEvidence.broken("\"\(PrintableText.escape(name))\" is no tile of a log of \(checkpoint.size) entries")
    }
  }

  private static func scope(_ files: BundleFiles, isPart: Bool) throws -> SignedNote? {
    guard let bytes = try files.read("scope", limit: SignedNote.limit) else {
      guard isPart else { return nil }
      throw OpenEvidence.broken("it is a part of a log, without the \"scope\" that its exporter signs")
    }
    guard let scope = SignedNote(parsing: bytes) else { throw OpenEvidence.broken("its scope cannot be read") }
    return scope
  }

  private static func index(_ name: String) throws -> UInt64 {
    let digits = name.utf8.dropFirst(7).prefix { $0 != 0x2e }
    guard let index = Decimal.parse(Array(digits)), LogProof.name(index).utf8.elementsEqual(name.utf8) else {
      throw OpenEvidence.broken("\"\(PrintableText.escape(name))\" is no proof of an entry")
    }
    return index
  }

  func eachEntry(_ body: (ShownEntry) throws -> Void) throws {
    if isWhole { try eachInTiles(body) } else { try eachInProofs(body) }
  }

  private func eachInTiles(_ body: (ShownEntry) throws -> Void) throws {
    var index: UInt64 = 0
    for tile in Tile.all(ofSize: checkpoint.size) {
      guard tile.content == .entries else { return }
      func fault(_ rule: HistoryFault.Rule) -> HistoryFault { HistoryFault(position: index, rule: rule) }
      guard let bytes = try files.read(tile.path, limit: Tile.fullWidth * (1 << 16 + 2)) else {
        throw fault(.truncated)
      }
      guard let entries = EntryBundle.parse(bytes) else { throw fault(.grammar(.malformedLine("tile"))) }
      for entry in entries.prefix(tile.width) {
        try body(ShownEntry(index: index, bytes: entry, path: []))
        index += 1
      }
      guard entries.count == tile.width else {
        throw fault(entries.count < tile.width ? .truncated : .outOfOrder)
      }
    }
  }

  private func eachInProofs(_ body: (ShownEntry) throws -> Void) throws {
    for index in indices {
      func fault(_ rule: HistoryFault.Rule) -> HistoryFault { HistoryFault(position: index, rule: rule) }
      guard let bytes = try files.read(LogProof.name(index), limit: SignedNote.limit),
        let proof = LogProof(parsing: bytes), let entry = proof.extra, proof.index == index
      else { throw fault(.grammar(.malformedLine("proof"))) }
      guard proof.checkpoint == note else { throw fault(.notIncluded) }
      try body(ShownEntry(index: index, bytes: entry, path: proof.path))
    }
  }

  func compare(_ tile: Tile, _ bytes: [UInt8]) throws {
    guard case .hashes(let level) = tile.content else { return }
    let stored = try files.read(tile.path, limit: bytes.count + 1) ?? []
    guard stored != bytes else { return }
    let same = zip(stored, bytes).prefix { $0 == $1 }.count
    let place = tile.number * UInt64(Tile.fullWidth) + UInt64(same / Digest.count)
    throw HistoryFault(position: min(place << UInt64(8 * level), checkpoint.size - 1), rule: .storedHash)
  }

  func lines() throws -> FileLines { try files.lines("log.jsonl") }
  func file(_ name: String) throws -> FileLines? { try files.lines(name) }
}
