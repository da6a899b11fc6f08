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
    let width = lines.map { Self.label($0.key).count }.max() ?? 0
    for line in lines where !line.value.isNull {
      let key = Self.label(line.key)
      let padding = String(repeating: " ", count: width - key.count)
      let elements = line.value.array ?? [line.value]
      for (number, element) in elements.enumerated() {
        try Self.printWrapped(Self.text(element), behind: number == 0 ? key + padding : padding + key.map { _ in " " })
      }
    }
  }

  /// The key as people read it.
  private static func label(_ key: String) -> String {
    switch key {
    case "pinned_entries": "entries last seen here"
    case "pinned_root": "last state seen here"
    case "pinned_at": "last seen here at"
    default: key.replacing("_", with: " ")
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
      guard !member.value.isNull else { return nil }
      guard member.key == "until" else { return text(member.value) }
      let end = member.value.string.flatMap { Timestamp(rfc3339: Array($0.utf8)) }
      return end?.asEnd ?? "until \(text(member.value))"
    }.joined(separator: "  ")
  }
}
