internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodySystem
internal import CustodyValues

/// A JSON Lines export: entries, then disclosures, then the checkpoint.
struct LinesSource: EvidenceSource {
  let note: SignedNote
  let scope: SignedScope?
  let disclosures: [Disclosure]
  private let slice: FileSlice

  init(_ slice: FileSlice) throws {
    self.slice = slice
    var lines = slice.lines()
    var (shown, entries, closing): ([Disclosure], UInt64, [UInt8]?) = ([], 0, nil)
    while let line = try lines.next() {
      guard closing == nil else { throw EvidenceError.broken("there are lines behind the checkpoint's") }
      switch ExportLine.type(line) {
      case "entry", "enrolment", "naming", "void":
        guard shown.isEmpty else { throw EvidenceError.broken("there are entries behind what is disclosed") }
        entries += 1
      case "item", "reason": shown.append(try Self.disclosure(line))
      case "checkpoint": closing = line
      default: throw Self.unknown(line, at: entries)
      }
    }
    guard let closing, let end = try? JSONValue(parsing: closing) else {
      throw HistoryFault(position: entries, rule: .truncated)
    }
    guard let text = end["note"]?.string, let note = SignedNote(parsing: Array(text.utf8)) else {
      throw EvidenceError.broken("there is no checkpoint in its last line")
    }
    (self.note, scope, disclosures) = (note, try Self.scope(end), shown)
  }

  private static func scope(_ end: JSONValue) throws -> SignedScope? {
    guard let value = end["scope"], !value.isNull else { return nil }
    guard let scope = value.string.flatMap({ SignedNote(parsing: Array($0.utf8)) }).flatMap(SignedScope.init) else {
      throw EvidenceError.broken("the scope in its last line cannot be read")
    }
    return scope
  }

  private static func unknown(_ line: [UInt8], at index: UInt64) -> HistoryFault {
    let isObject = (try? JSONValue(parsing: line))?.object != nil
    let isCanonical = line.starts(with: "{\"v\":".utf8)
    return HistoryFault(
      position: index, rule: .grammar(isObject && isCanonical ? .unknownVersion : .malformedLine("line")))
  }

  static func disclosure(_ line: [UInt8]) throws -> Disclosure {
    let value = try? JSONValue(parsing: line)
    guard let value, let index = value["index"]?.integer, index >= 0 else {
      throw EvidenceError.broken("a line of what is disclosed cannot be read")
    }
    let position = UInt64(index)
    func bytes(_ key: String) -> [UInt8]? { value[key]?.string.flatMap { Base64.decode(Array($0.utf8)) } }
    let found: Disclosure? =
      if let id = value["item"]?.string.flatMap({ Identifier(hex: $0) }) {
        bytes("metadata").map { .item(id, index: position, metadata: $0) }
      } else {
        bytes("note").map { .reason(index: position, note: $0) }
      }
    guard let found, JSONLines.disclosure(found) == line else {
      throw HistoryFault(position: position, rule: .standsBeside)
    }
    return found
  }

  func eachEntry(_ body: (ShownEntry) throws -> Void) throws {
    var lines = try lines()
    var expected: UInt64 = 0
    while let line = try lines.next(), let type = ExportLine.type(line), LogPart(rawValue: type) != nil {
      func fault(_ rule: HistoryFault.Rule) -> HistoryFault { HistoryFault(position: expected, rule: rule) }
      guard let value = try? JSONValue(parsing: line), let index = value["index"]?.integer, index >= 0,
        let entry = value["entry"]?.string.flatMap({ Base64.decode(Array($0.utf8)) })
      else { throw fault(.grammar(.malformedLine("line"))) }
      if isWhole, UInt64(index) != expected { throw fault(.outOfOrder) }
      expected = UInt64(index)
      let path = value["proof"]?.array?.map { $0.string.flatMap { Base64.digest(Array($0.utf8)[...]) } }
      guard path?.contains(nil) != true else { throw fault(.notIncluded) }
      try body(ShownEntry(index: UInt64(index), bytes: entry, path: (path ?? []).compactMap { $0 }))
      expected += 1
    }
  }

  func compare(_ tile: Tile, _ bytes: [UInt8]) {}
  func lines() throws -> FileLines { slice.lines() }
  func file(_ name: String) -> FileLines? { nil }
}
