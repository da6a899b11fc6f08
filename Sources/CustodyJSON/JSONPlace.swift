/// A place in a text as editors count: lines from 1, columns in characters of UTF-8 from 1.
package struct JSONPlace: Hashable, Sendable {
  package let line: Int
  package let column: Int

  package init(offset: Int, in bytes: [UInt8]) {
    let before = bytes.prefix(max(offset, 0))
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    line = 1 + before.count { $0 == 0x0A }
    column = 1 + before[start...].count { $0 & 0xC0 != 0x80 }
  }

  /// The place of the value at `path` in JSON text. If the path leads further than the text, the last value on it.
  package init(of path: JSONPath, in bytes: [UInt8]) throws(JSONError) {
    let source = PlainSource(bytes: bytes)
    let nodes = try JSONScanner.scan(source)
    var (index, offset) = (0, Self.start(of: nodes[0]))
    steps: for step in path.steps {
      guard nodes[index].kind == .object || nodes[index].kind == .array else { break }
      let isObject = nodes[index].kind == .object
      var (next, position) = (index + 1, 0)
      while next < nodes[index].after {
        let value = isObject ? next + 1 : next
        if isObject ? Self.key(nodes[next], in: source) == Array(step.utf8) : String(position) == step {
          (index, offset) = (value, Self.start(of: nodes[next]))
          continue steps
        }
        (next, position) = (nodes[value].after, position + 1)
      }
      break
    }
    self.init(offset: offset, in: bytes)
  }

  /// The first byte of a value. A string's range begins behind its quote.
  private static func start(of node: JSONNode) -> Int { node.range.lowerBound - (node.kind == .string ? 1 : 0) }

  private static func key(_ node: JSONNode, in source: PlainSource) -> [UInt8] {
    var text: [UInt8] = []
    JSONText.unescape(node.range, of: source) { text.append($0) }
    return text
  }
}

extension JSONError.Reason {
  /// The reason in words, for the author of the text.
  package var words: String {
    switch self {
    case .syntax: "it is not JSON from here on"
    case .trailingBytes: "something stands after the JSON"
    case .byteOrderMark: "it begins with a byte order mark"
    case .invalidUTF8: "it is not UTF-8"
    case .loneSurrogate: "an escape is half a character"
    case .duplicateKey: "a key stands twice in one object"
    case .tooDeep: "it is nested too deep"
    case .noMemory: "there is no memory for secrets"
    }
  }
}
