extension JSONValue {
  package enum Layout: Sendable {
    /// No space between tokens.
    case compact
    /// Two spaces a level and one member a line, for people.
    case indented
  }

  /// The value in UTF-8, with keys in their order and no newline at the end.
  package func bytes(_ layout: Layout = .compact) -> [UInt8] {
    var writer = JSONWriter(layout: layout)
    writer.write(self, level: 0)
    return writer.bytes
  }

  package func text(_ layout: Layout = .compact) -> String { String(decoding: bytes(layout), as: UTF8.self) }
}

private struct JSONWriter {
  let layout: JSONValue.Layout
  var bytes: [UInt8] = []

  init(layout: JSONValue.Layout) { self.layout = layout }

  mutating func write(_ value: JSONValue, level: Int) {
    switch value {
    case .null: put("null")
    case .bool(let truth): put(truth ? "true" : "false")
    case .number(let number): put(number.text)
    case .string(let text): write(text)
    case .array(let elements):
      list(in: ("[", "]"), elements, level: level) { $0.write($1, level: level + 1) }
    case .object(let object):
      list(in: ("{", "}"), object.members, level: level) { writer, member in
        writer.write(member.key)
        writer.put(writer.layout == .indented ? ": " : ":")
        writer.write(member.value, level: level + 1)
      }
    }
  }

  private mutating func list<Element>(
    in brackets: (open: String, close: String), _ elements: [Element], level: Int,
    each: (inout JSONWriter, Element) -> Void
  ) {
    put(brackets.open)
    for (index, element) in elements.enumerated() {
      if index > 0 { put(",") }
      breakLine(level: level + 1)
      each(&self, element)
    }
    if !elements.isEmpty { breakLine(level: level) }
    put(brackets.close)
  }

  private mutating func breakLine(level: Int) {
    guard layout == .indented else { return }
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: 2 * level))
  }

  private mutating func put(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func write(_ text: String) {
    put("\"")
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": put("\\\"")
      case "\\": put("\\\\")
      case "\n": put("\\n")
      case "\r": put("\\r")
      case "\t": put("\\t")
      default: if Self.isTreacherous(scalar) { escape(scalar) } else { put(String(scalar)) }
      }
    }
    put("\"")
  }

  private mutating func escape(_ scalar: Unicode.Scalar) {
    for unit in String(scalar).utf16 {
      let digits = String(unit, radix: 16)
      put("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
    }
  }

  /// True for controls, line separators and characters that change the direction of text, which could rewrite the
  /// terminal or line that shows them.
  private static func isTreacherous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}
