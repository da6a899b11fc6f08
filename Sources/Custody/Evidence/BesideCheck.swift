internal import CustodyJSON
internal import CustodyLog
internal import CustodyMemory

/// All that stands beside the entries, for people and their programs: it is made once more, and must be the same.
struct BesideCheck {
  private let source: any EvidenceSource
  private let head: SignedHead
  private let members: FoldTable<Identifier, Member>
  private let voids: [UInt64: VoidEntry]
  private let names: DisclosedNames
  private var roll = ActorRoll()

  init(
    _ source: any EvidenceSource, _ head: SignedHead,
    _ folded: (members: FoldTable<Identifier, Member>, voids: [VoidEntry]), _ names: DisclosedNames
  ) {
    (self.source, self.head, self.names) = (source, head, names)
    members = folded.members
    voids = Dictionary(folded.voids.map { ($0.position, $0) }) { first, _ in first }
  }

  mutating func run() throws {
    var lines = try source.lines()
    var table = try source.file("log.csv")
    if let head = try table?.next(), head != CSV.header { throw OpenEvidence.broken("log.csv has other columns") }
    var (last, number, sample): (UInt64, Int, BundleSample?) = (0, 0, nil)
    try source.eachEntry { shown in
      last = shown.index
      if let void = voids[shown.index] {
        number += 1
        roll.note(void.author, at: void.position)
        return try compare(void, shown, try lines.next() ?? [], try table?.next())
      }
      guard let line = try line(shown) else { throw HistoryFault(position: last, rule: .unknownActor) }
      let part = try compare(try lines.next() ?? [], line, shown, inBundle: table != nil)
      roll.note(line)
      number += 1
      guard part == .entry else { return }
      sample = BundleSample(line, number)
      guard table != nil else { return }
      guard try table?.next() == CSV.row(line) else { throw HistoryFault(position: last, rule: .standsBeside) }
    }
    try compareEnd(&lines)
    guard try table?.next() == nil else { throw OpenEvidence.broken("log.csv has lines that the log does not make") }
    try compareFile("actors.txt", roll.text(among: members, origin: head.checkpoint.origin))
    try compareFile("tlog-policy", roll.policy(of: head, among: members).bytes)
    // Commands that an auditor runs, and what they are told to believe.
    let texts = BundleTexts(
      head: head, sample: sample, isWhole: source.isWhole, disclosed: source.disclosures.count, voids: voids.count)
    try compareFile("VERIFY.txt", Array(texts.verify.utf8))
    try compareFile("limits.txt", Array(texts.limits.utf8))
  }

  private func compare(_ void: VoidEntry, _ shown: ShownEntry, _ line: [UInt8], _ row: [UInt8]?) throws {
    let made = VoidLine(
      void, shown.bytes, leaf: MerkleTree.leafHash(shown.bytes), members, origin: head.checkpoint.origin)
    guard let made, line == JSONLines.void(made), row.map({ $0 == CSV.row(made) }) ?? true else {
      throw HistoryFault(position: shown.index, rule: .standsBeside)
    }
  }

  private func line(_ shown: ShownEntry) throws -> LogLine? {
    let entry = try Entry(parsing: shown.bytes)
    return LogLine(
      entry, at: shown.index, leaf: MerkleTree.leafHash(shown.bytes), among: members,
      name: entry.identifier(.item).flatMap(names.name), reason: names.reasons[shown.index])
  }

  private func compare(
    _ found: [UInt8], _ line: LogLine, _ shown: ShownEntry, inBundle: Bool
  ) throws -> LogPart {
    let part = ExportLine.type(found).flatMap { LogPart(rawValue: $0) } ?? .entry
    let proof = InclusionProof(index: shown.index, size: head.checkpoint.size, path: shown.path)
    let made = JSONLines.entry(line, part, proof: source.isWhole ? nil : proof)
    guard (part == .entry || !source.isWhole), made == found || !inBundle && isOlder(found, made) else {
      throw HistoryFault(position: shown.index, rule: .standsBeside)
    }
    return part
  }

  /// A file that discloses nothing: all of its line but the names is held against the entry.
  private func isOlder(_ found: [UInt8], _ made: [UInt8]) -> Bool {
    guard names.isEmpty, var one = (try? JSONValue(parsing: found))?.object,
      var other = (try? JSONValue(parsing: made))?.object
    else { return false }
    (one["names"], other["names"]) = ([:], [:])
    return JSONValue.object(one) == JSONValue.object(other)
  }

  private func compareEnd(_ lines: inout FileLines) throws {
    for disclosure in source.disclosures {
      guard try lines.next() == JSONLines.disclosure(disclosure) else {
        throw HistoryFault(position: disclosure.index, rule: .standsBeside)
      }
    }
    guard let line = try lines.next(), let value = try? JSONValue(parsing: line) else {
      throw OpenEvidence.broken("log.jsonl ends before its checkpoint")
    }
    let filter = value["filter"]?.string
    var origin: JSONLines.Origin?
    if let time = value["exported_at"]?.string, let exporter = value["exporter"]?.string {
      origin = JSONLines.Origin(time: time, exporter: exporter)
    }
    guard (filter == nil) == source.isWhole, JSONLines.closing(head, filter, origin) == line, try lines.next() == nil
    else { throw OpenEvidence.broken("the last line of log.jsonl is not of this checkpoint") }
  }

  private func compareFile(_ name: String, _ expected: [UInt8]) throws {
    guard var lines = try source.file(name) else { return }
    var found: [UInt8] = []
    while let line = try lines.next() { found += line }
    guard found == expected else { throw OpenEvidence.broken("\(name) is not what the log makes") }
  }
}
