internal import CustodyLog
internal import CustodySystem
internal import CustodyValues

/// The files of a bundle, in a folder or in an archive.
struct BundleFiles {
  let names: [String]
  private let known: Set<String>
  /// The files in an archive. Nil for a folder.
  private let archived: [String: FileSlice]?
  /// The folder, with the prefix that all names in it have.
  private let folder: String

  init(folder: String) throws {
    let found = try Folder.files(below: folder, limit: 2 * ArchiveFault.mostFiles)
    let top = BundleNames.top(of: found)
    names = found.map { Self.name($0, below: top) }
    (known, archived, self.folder) = (Set(names), nil, "\(folder)/\(top)")
  }

  init(_ files: [ArchivedFile]) throws {
    let top = BundleNames.top(of: files.map(\.name))
    guard files.count <= ArchiveFault.mostFiles else { throw ArchiveFault.unsupported("more files than a bundle") }
    names = files.map { Self.name($0.name, below: top) }
    archived = Dictionary(zip(names, files.map(\.content))) { first, _ in first }
    (known, folder) = (Set(names), "")
  }

  private static func name(_ whole: String, below top: String) -> String {
    String(decoding: Array(whole.utf8.dropFirst(top.utf8.count)), as: UTF8.self)
  }

  /// Opens the bundle. Its names must be a bundle's, each once.
  func source(_ path: String) throws -> BundleSource {
    let shown = "\"\(PrintableText.escape(path))\""
    if let (name, system) = BundleNames.byproduct(in: names) {
      throw EvidenceError.unreadable(
        "\(shown) is not as custody wrote it: \"\(PrintableText.escape(name))\" is no file of a bundle, \(system) added it",
        "take such files out, or ask for the bundle as one file: \(FileKind.making), where PATH ends in .tar")
    }
    guard BundleNames.areOfBundle(names) else {
      throw EvidenceError.unreadable(
        "\(shown) is no bundle: no file of one is in it",
        "name the folder or archive that \(FileKind.making) made")
    }
    try BundleNames.check(names)
    return try BundleSource(self)
  }

  private func slice(_ name: String) throws -> FileSlice? {
    if let archived { return archived[name] }
    return known.contains(name) ? FileSlice(try FileReader(folder + name)) : nil
  }

  private func file(named name: String) throws -> FileSlice {
    guard let slice = try slice(name) else { throw EvidenceError.broken("\"\(name)\" is missing") }
    return slice
  }

  func lines(_ name: String) throws -> FileLines { try file(named: name).lines() }

  /// Reads a file. Nil if it does not exist or is larger than `limit`.
  func read(_ name: String, limit: Int) throws -> [UInt8]? {
    guard let slice = try slice(name), slice.size <= limit else { return nil }
    return try slice.read(at: 0, count: slice.size)
  }

  /// Throws if mail or an editor changed a text's line ends or encoding, which they do without notice.
  func checkUnaltered() throws {
    let texts = [
      "checkpoint", "scope", "log.jsonl", "disclosed.jsonl", "actors.txt", "tlog-policy", "VERIFY.txt", "limits.txt",
    ]
    for name in texts + names.filter({ $0.utf8.starts(with: "proofs/".utf8) }).prefix(1) {
      guard var lines = try slice(name)?.lines(), let change = try lines.next().flatMap(AlteredText.ofLine) else {
        continue
      }
      throw change.error(name)
    }
    var table = try slice("log.csv")?.lines()
    if let change = try table?.next().flatMap(AlteredText.ofTable) { throw change.error("log.csv") }
  }
}

/// A bundle: tiles of a whole log, or proofs of a part of it.
struct BundleSource: EvidenceSource {
  let note: SignedNote
  let scope: SignedScope?
  let disclosures: [Disclosure]
  private let files: BundleFiles
  private let checkpoint: Checkpoint
  /// Indexes of the entries in `proofs/`, ascending.
  private let indices: [UInt64]

  init(_ files: BundleFiles) throws {
    self.files = files
    try files.checkUnaltered()
    guard let bytes = try files.read("checkpoint", limit: SignedNote.limit) else {
      throw EvidenceError.broken("there is no \"checkpoint\" in it")
    }
    guard let note = SignedNote(parsing: bytes), let checkpoint = Checkpoint(parsing: note.text) else {
      throw EvidenceError.broken("its checkpoint cannot be read")
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
      throw EvidenceError.broken("\"\(PrintableText.escape(name))\" is no tile of a log of \(checkpoint.size) entries")
    }
  }

  private static func scope(_ files: BundleFiles, isPart: Bool) throws -> SignedScope? {
    guard let bytes = try files.read("scope", limit: SignedNote.limit) else {
      guard isPart else { return nil }
      throw EvidenceError.broken("it is a part of a log, without the \"scope\" that its exporter signs")
    }
    guard let scope = SignedNote(parsing: bytes).flatMap(SignedScope.init) else {
      throw EvidenceError.broken("its scope cannot be read")
    }
    return scope
  }

  private static func index(_ name: String) throws -> UInt64 {
    let digits = name.utf8.dropFirst(7).prefix { $0 != 0x2e }
    guard let index = Decimal.parse(Array(digits)), LogProof.name(index).utf8.elementsEqual(name.utf8) else {
      throw EvidenceError.broken("\"\(PrintableText.escape(name))\" is no proof of an entry")
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
