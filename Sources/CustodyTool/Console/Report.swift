import CustodyEvidence
import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodySystem
import CustodyValues

enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case table, csv, tsv, jsonl
}

struct ReportOptions: ParsableArguments {
  @Option(help: ArgumentHelp("table, csv, tsv or jsonl.", valueName: "format"))
  var format: ReportFormat = .table
}

/// A report: rows of named columns, printed as a table that fits the terminal or in a form for programs.
struct Report {
  /// The key of the rows with `--json`.
  let name: String
  let columns: [String]
  var rows: [[String?]] = []

  init(_ name: String, _ columns: [String]) { (self.name, self.columns) = (name, columns) }

  /// Sorts the rows by their first column.
  mutating func sortByName() { rows.sort { ($0.first.flatMap(\.self) ?? "") < ($1.first.flatMap(\.self) ?? "") } }

  /// Prints the rows, and the damage: in the same object with `--json`, otherwise to standard error afterwards.
  func print(_ format: ReportFormat, json: Bool, damage: [Damage] = []) throws {
    if json {
      var object: JSONObject = ["v": 1, name: .array(objects.map { .object($0) })]
      if !damage.isEmpty { object["damaged"] = damage.json }
      return try Console.print(JSONValue.object(object).text())
    }
    try print(format)
    damage.say()
  }

  private func print(_ format: ReportFormat) throws {
    switch format {
    case .table: try printTable()
    case .csv: try Console.print((CSV.line(columns) + rows.flatMap { CSV.line($0.map(cell)) }))
    case .tsv: try ([columns] + rows.map { $0.map(cell) }).forEach { try Console.print($0.joined(separator: "\t")) }
    case .jsonl: try objects.forEach { try Console.print(JSONValue.object($0).text()) }
    }
  }

  var objects: [JSONObject] { rows.map(object) }

  private func object(_ row: [String?]) -> JSONObject {
    var object = JSONObject()
    for (column, value) in zip(columns, row) { object[column] = value.map { Self.json($0, column) } ?? .null }
    return object
  }

  private static let counted: Set = ["index", "revision", "secret_bytes"]

  private static func json(_ value: String, _ column: String) -> JSONValue {
    guard counted.contains(column), let number = UInt64(value) else { return .string(value) }
    return .integer(number)
  }

  /// The value as a cell without line ends or tabs, with an apostrophe before text that a spreadsheet would run as a
  /// formula.
  private func cell(_ value: String?) -> String {
    let text = PrintableText.escape(value ?? "")
    return CSV.startsAFormula(text) ? "'" + text : text
  }

  private func printTable() throws {
    let cells = rows.map { $0.map { PrintableText.escape($0 ?? "–") } }
    let titles = columns.map { $0.uppercased().replacing("_", with: " ") }
    var widths = titles.indices.map { column in
      ([titles] + cells).map { PrintableText.width($0[column]) }.max() ?? 0
    }
    if let limit = Output.columns(of: 1) {
      fit(&widths, limit)
      if Self.total(widths) > limit, !rows.isEmpty { return try printParagraphs() }
    }
    for row in [titles] + cells {
      let line = zip(row, widths).map { Self.pad($0, $1) }.joined(separator: "  ")
      try Console.print(String(line.reversed().drop { $0 == " " }.reversed()))
    }
  }

  /// Prints a paragraph per row, for terminals where even shortened columns don't fit.
  private func printParagraphs() throws {
    for (number, row) in rows.enumerated() {
      if number > 0 { try Console.print("") }
      var particulars = Particulars()
      for (column, value) in zip(columns, row) { particulars.add(column, value) }
      try particulars.print(json: false)
    }
  }

  private static func total(_ widths: [Int]) -> Int { widths.reduce(2 * (widths.count - 1), +) }

  /// Columns that people retype or compare: they are never shortened.
  private static let typed: Set = ["name", "id", "command", "remedy", "fingerprint"]

  /// Shortens the widest columns until the line fits.
  private func fit(_ widths: inout [Int], _ limit: Int) {
    let open = columns.indices.filter { !Self.typed.contains(columns[$0]) }
    while Self.total(widths) > limit, let column = open.max(by: { widths[$0] < widths[$1] }), widths[column] > 8 {
      widths[column] -= 1
    }
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    var shown = text
    if PrintableText.width(text) > width {
      while PrintableText.width(shown) >= width, !shown.isEmpty { shown.removeLast() }
      shown += "…"
    }
    return shown + String(repeating: " ", count: max(0, width - PrintableText.width(shown)))
  }
}

extension GlobalOptions {
  /// Reports a completed change: a message, or with `--json` one object with the action as the log names it.
  func done(_ action: Action, _ name: String, _ text: String, _ more: JSONObject = [:]) throws {
    guard json else { return Console.say(text) }
    var object: JSONObject = ["v": 1, "done": .string(action.rawValue), "name": .string(name)]
    for member in more.members { object[member.key] = member.value }
    try Console.print(JSONValue.object(object).text())
  }
}
