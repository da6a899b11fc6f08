import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodySystem
import CustodyValues

/// Fields of one thing, printed as a line each or as one JSON object.
struct Particulars {
  private var lines: [(key: String, value: JSONValue)] = []

  mutating func add(_ key: String, _ value: String?) { lines.append((key, value.map { .string($0) } ?? .null)) }
  mutating func add(_ key: String, _ value: JSONValue) { lines.append((key, value)) }

  func print(json: Bool) throws {
    guard !json else {
      var object: JSONObject = ["v": 1]
      for line in lines { object[line.key] = line.value }
      return try Console.print(JSONValue.object(object).text())
    }
    let width = lines.map(\.key.count).max() ?? 0
    for line in lines where !line.value.isNull {
      let key = line.key.replacing("_", with: " ")
      let padding = String(repeating: " ", count: width - line.key.count)
      let elements = line.value.array ?? [line.value]
      for (number, element) in elements.enumerated() {
        try Self.printWrapped(Self.text(element), behind: number == 0 ? key + padding : padding + key.map { _ in " " })
      }
    }
  }

  /// Prints one field; on a terminal a long one is wrapped and indented.
  private static func printWrapped(_ text: String, behind head: String) throws {
    let room = Output.columns(of: 1).map { max(16, $0 - head.count - 2) } ?? .max
    var head = head
    for line in PrintableText.width(text) > room ? Wrapped.lines(text, width: room) : [text] {
      try Console.print("\(head)  \(line)")
      head = String(repeating: " ", count: head.count)
    }
  }

  private static func text(_ value: JSONValue) -> String {
    if let text = value.string { return PrintableText.escape(text) }
    guard let object = value.object else { return value.text() }
    return object.members.compactMap { member in
      member.value.isNull ? nil : (member.key == "until" ? "until " : "") + text(member.value)
    }.joined(separator: "  ")
  }
}
