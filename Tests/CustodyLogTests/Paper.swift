import CustodyLog
import Foundation

/// docs/FORMAT.md as a second implementer reads it: the table of actions, by hand and apart from the code's.
enum Paper {
  struct Row: Sendable {
    let action: Action
    let signers: Set<Role>
    let required: Set<DetailKey>
    let optional: Set<DetailKey>
  }

  static func format() throws -> String {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: package.appendingPathComponent("docs/FORMAT.md"), encoding: .utf8)
  }

  /// `WORD` stands for `a` `b`; `OTHER` for `c`.
  private static func short(_ paper: String) -> [String: [String]] {
    var (found, word) = ([String: [String]](), "")
    guard let start = paper.range(of: "` stands for "), let line = paper[..<start.lowerBound].lastIndex(of: "`"),
      let end = paper[start.upperBound...].range(of: "\n\n")
    else { return [:] }
    for next in words(String(paper[line..<end.lowerBound])) {
      if next == next.uppercased() { word = next } else { found[word, default: []].append(next) }
    }
    return found
  }

  static func actions() throws -> [Row] {
    let paper = try format()
    let short = short(paper)
    return paper.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard line.hasPrefix("| `"), cells.count >= 3, let action = Action(rawValue: words(cells[0]).first ?? "") else {
        return nil
      }
      let signers = cells[1] == "anyone" ? Role.allCases : Role.allCases.filter { cells[1].contains($0.rawValue) }
      return Row(
        action: action, signers: Set(signers), required: details(cells[2], short),
        optional: cells.count > 3 ? details(cells[3], short) : [])
    }
  }

  private static func details(_ cell: String, _ short: [String: [String]]) -> Set<DetailKey> {
    Set(words(cell).flatMap { short[$0] ?? [$0] }.compactMap(DetailKey.init(rawValue:)))
  }

  /// The words between backticks.
  private static func words(_ cell: String) -> [String] {
    cell.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
      .map { String($0.element) }
  }
}

extension Paper.Row {
  /// The rows by the code's table, which a test compares with the paper's.
  static let all = Action.allCases.map { action in
    Self(
      action: action, signers: Set(action.rule.signers), required: Set(action.rule.required),
      optional: Set(action.rule.optional))
  }
}

/// Sample values for each detail: one that its syntax accepts, and some that it refuses.
extension DetailKey {
  var sample: String {
    switch self {
    case .connector, .item, .member, .request, .to: String(repeating: "0a", count: 16)
    case .without: [("0a", 16), ("0b", 16)].map { String(repeating: $0, count: $1) }.joined(separator: " ")
    case .count, .generation, .lostSize, .metadataGeneration, .restored, .revision, .size: "1"
    case .revoked, .until: "2027-10-30T00:00:00.000Z"
    case .role: "admin"
    case .how: "pipe"
    case .source: "cache"
    case .machine: "exchange"
    case .name: "ada"
    case .cosignature: String(repeating: "A", count: 96)
    case .filter, .format, .lostEarlier, .reason: "csv"
    default: String(repeating: "A", count: 43) + "="
    }
  }

  var refused: [String] {
    switch self {
    case .connector, .item, .member, .request, .to:
      [
        String(repeating: "0A", count: 16), String(repeating: "0a", count: 15),
        String(repeating: "0a", count: 16) + "0",
        String(repeating: "0a", count: 16) + " ", String(repeating: "0g", count: 16),
      ]
    case .without:
      [
        [("0b", 16), ("0a", 16)], [("0a", 16), ("0a", 16)], [("0A", 16)], [("0a", 15)], [("0a", 16), ("", 0)],
        [("0a", 16), ("", 0), ("0b", 16)],
      ].map { $0.map { String(repeating: $0, count: $1) }.joined(separator: " ") }
    case .count, .generation, .lostSize, .metadataGeneration, .restored, .revision, .size:
      ["01", "+1", "-1", "1 ", " 1", "0x1", "18446744073709551616", "1e3", "٣"]
    case .until, .revoked:
      [
        "2027-10-30T00:00:00Z", "2027-10-30 00:00:00.000Z", "2027-02-29T00:00:00.000Z", "2027-13-01T00:00:00.000Z",
        "2027-10-30T24:00:00.000Z", "2027-10-30T23:59:60.000Z", "2027-10-30T00:00:00.000z", "+027-10-30T00:00:00.000Z",
      ]
    case .machine: ["Any", "all", "exchange ", "any exchange"]
    case .role: ["Admin", "owner", "admin ", "ádmin"]
    case .how: ["Pipe", "disk", "pipe,tty"]
    case .cosignature:
      [92, 95, 97, 100].map { String(repeating: "A", count: $0) } + [
        String(repeating: "A", count: 95) + "=", String(repeating: "A", count: 94) + "==",
        String(repeating: "A", count: 95) + "-", String(repeating: "A", count: 96) + " ",
      ]
    case .name: ["Ada", "a da", ".ada", "a\u{301}da", "аda", String(repeating: "a", count: 65)]
    case .filter, .format, .lostEarlier, .reason:
      [
        "a ", " a", "%41", "%0a", "100%", "a\tb", "a\u{7f}b", "a\u{202e}b", "a\u{2028}b", "a\u{85}b", "\u{feff}a",
        String(repeating: "a", count: 4097),
      ]
    default:
      [
        String(repeating: "A", count: 43), String(repeating: "A", count: 42) + "B=",
        String(repeating: "A", count: 42) + "==", String(repeating: "_", count: 43) + "=",
        String(repeating: "A", count: 43) + "= ", String(repeating: "A", count: 44),
      ]
    }
  }
}
