internal import CustodyLog
internal import CustodySystem
internal import CustodyValues

/// A check of everything beside the entries: lines, table and texts for people and programs. Each is generated again
/// from the entries and compared.
struct BesideCheck {
  private let source: any EvidenceSource
  private let head: SignedHead
  private let members: FoldTable<Identifier, Member>
  private let voids: [UInt64: VoidEntry]
  private let names: DisclosedNames
  /// The scope of a part. Nil for a whole log.
  private let scope: ExportScope?
  private var roll = ActorRoll()
  private var roles = RolesThen()
  private var admitted = ScopeIndexes()
  private let shownLines = LinesHash()

  init(
    _ source: any EvidenceSource, _ head: SignedHead, _ scope: ExportScope?,
    _ folded: (members: FoldTable<Identifier, Member>, voids: [VoidEntry]), _ names: DisclosedNames
  ) {
    (self.source, self.head, self.scope, self.names) = (source, head, scope, names)
    members = folded.members
    voids = Dictionary(folded.voids.map { ($0.position, $0) }) { first, _ in first }
  }

  mutating func run() throws {
    var lines = try source.lines()
    var table = try source.file("log.csv")
    if let head = try table?.next(), head != CSV.header { throw EvidenceError.broken("log.csv has other columns") }
    var (last, number, sample): (UInt64, Int, BundleSample?) = (0, 0, nil)
    try source.eachEntry { shown in
      last = shown.index
      if let void = voids[shown.index] {
        number += 1
        roll.note(void.author, at: void.position)
        return try compare(void, shown, try next(&lines), try table?.next())
      }
      guard let line = try line(shown) else { throw HistoryFault(position: last, rule: .unknownActor) }
      let part = part(line)
      try compare(try next(&lines), line, part, shown)
      roll.note(line)
      number += 1
      guard part == .entry else { return }
      admitted.add(shown.index)
      sample = BundleSample(line, number)
      guard table != nil else { return }
      guard try table?.next() == CSV.row(line) else { throw HistoryFault(position: last, rule: .standsBeside) }
    }
    if let scope, (scope.entries, scope.indexes) != (admitted.count, admitted.sha256) {
      throw EvidenceError.broken(
        "its exporter signed for \(scope.entries) entries within its scope, and others, or \(admitted.count), are in it"
      )
    }
    try compareEnd(&lines)
    // The lines' hash covers the exporter's choices: which further lines there are, and what is disclosed.
    guard source.scope.map({ $0.lines == shownLines.finish() }) ?? true else {
      throw EvidenceError.broken("it has not the lines that its exporter signed for, or has others")
    }
    guard try table?.next() == nil else { throw EvidenceError.broken("log.csv has lines that the log does not make") }
    try compareFile("actors.txt", roll.text(among: members, origin: head.checkpoint.origin))
    try compareFile("tlog-policy", roll.policy(of: head, among: members).bytes)
    // These texts have commands that an auditor runs, and say what to believe.
    let texts = BundleTexts(
      head: head, sample: sample, scope: scope.flatMap { ScopeReport($0, among: members) },
      disclosed: source.disclosures.count, voids: voids.count)
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

  private mutating func line(_ shown: ShownEntry) throws -> LogLine? {
    let entry = try Entry(parsing: shown.bytes)
    roles.note(entry)
    return LogLine(
      entry, at: shown.index, leaf: MerkleTree.leafHash(shown.bytes), among: members, roles,
      name: entry.identifier(.item).flatMap(names.name), reason: names.reasons[shown.index])
  }

  /// The reason why an entry is in the export, by the signed scope alone and by nothing beside the entry.
  private func part(_ line: LogLine) -> LogPart {
    guard let scope else { return .entry }
    if scope.filter.admits(line.entry, token: line.token.map { ($0.name, $0.tenant) }) { return .entry }
    return line.entry.action.isAboutMembers ? .enrolment : .naming
  }

  private func compare(_ found: [UInt8], _ line: LogLine, _ part: LogPart, _ shown: ShownEntry) throws {
    // An entry that is neither within the scope nor proves a name must not be there.
    guard part != .naming || names.isNamed(by: shown.index) else {
      throw HistoryFault(position: shown.index, rule: .outsideScope)
    }
    let proof = InclusionProof(index: shown.index, size: head.checkpoint.size, path: shown.path)
    guard JSONLines.entry(line, part, proof: scope == nil ? nil : proof) == found else {
      let isRelabelled = ExportLine.type(found).flatMap(LogPart.init) != part
      throw HistoryFault(position: shown.index, rule: isRelabelled && scope != nil ? .outsideScope : .standsBeside)
    }
  }

  private func next(_ lines: inout FileLines) throws -> [UInt8] {
    let line = try lines.next() ?? []
    shownLines.add(line)
    return line
  }

  private func compareEnd(_ lines: inout FileLines) throws {
    for disclosure in source.disclosures {
      guard try next(&lines) == JSONLines.disclosure(disclosure) else {
        throw HistoryFault(position: disclosure.index, rule: .standsBeside)
      }
    }
    guard let line = try lines.next() else { throw EvidenceError.broken("log.jsonl ends before its checkpoint") }
    guard JSONLines.closing(head, source.scope?.note) == line, try lines.next() == nil else {
      throw EvidenceError.broken("the last line of log.jsonl is not of this checkpoint")
    }
  }

  private func compareFile(_ name: String, _ expected: [UInt8]) throws {
    guard var lines = try source.file(name) else { return }
    var found: [UInt8] = []
    while let line = try lines.next() { found += line }
    guard found == expected else { throw EvidenceError.broken("\(name) is not what the log makes") }
  }
}
