/// RFC 8259 and nothing more: the one tokenizer for open and for secret text.
///
/// Refused beyond the grammar: a byte order mark, invalid UTF-8, escapes of half a surrogate pair, a key that an object
/// has twice (readers differ on which one counts), and more than 64 levels, so that the stack is never the sender's to spend.
struct JSONScanner {
  static let deepest = 64

  private(set) var nodes: [JSONNode] = []
  private var position = 0

  static func scan<S: JSONSource & ~Copyable>(_ source: borrowing S) throws(JSONError) -> [JSONNode] {
    var scanner = JSONScanner()
    if source.byte(at: 0) == 0xEF, source.byte(at: 1) == 0xBB, source.byte(at: 2) == 0xBF {
      throw JSONError(.byteOrderMark, at: 0)
    }
    scanner.skipSpace(in: source)
    try scanner.value(in: source, depth: 1)
    scanner.skipSpace(in: source)
    guard source.byte(at: scanner.position) == nil else { throw scanner.failure(.trailingBytes) }
    return scanner.nodes
  }

  private func failure(_ reason: JSONError.Reason) -> JSONError { JSONError(reason, at: position) }

  private mutating func skipSpace<S: JSONSource & ~Copyable>(in source: borrowing S) {
    while let byte = source.byte(at: position), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private mutating func skip<S: JSONSource & ~Copyable>(_ wanted: Character, in source: borrowing S) -> Bool {
    guard source.byte(at: position) == wanted.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func value<S: JSONSource & ~Copyable>(in source: borrowing S, depth: Int) throws(JSONError) {
    switch source.byte(at: position) {
    case UInt8(ascii: "{"): try object(in: source, depth: depth)
    case UInt8(ascii: "["): try array(in: source, depth: depth)
    case UInt8(ascii: "\""): try string(in: source)
    case UInt8(ascii: "n"): try word("null", .null, in: source)
    case UInt8(ascii: "t"): try word("true", .yes, in: source)
    case UInt8(ascii: "f"): try word("false", .no, in: source)
    default: try number(in: source)
    }
  }

  private mutating func add(_ kind: JSONNode.Kind, from start: Int, to end: Int) {
    nodes.append(JSONNode(kind: kind, range: start..<end, after: nodes.count + 1))
  }

  private mutating func close(_ index: Int) {
    nodes[index].after = nodes.count
    nodes[index].range = nodes[index].range.lowerBound..<position
  }

  // MARK: containers

  private mutating func array<S: JSONSource & ~Copyable>(in source: borrowing S, depth: Int) throws(JSONError) {
    guard depth <= Self.deepest else { throw failure(.tooDeep) }
    let index = nodes.count
    add(.array, from: position, to: position)
    position += 1
    skipSpace(in: source)
    if !skip("]", in: source) {
      repeat {
        skipSpace(in: source)
        try value(in: source, depth: depth + 1)
        skipSpace(in: source)
      } while skip(",", in: source)
      guard skip("]", in: source) else { throw failure(.syntax) }
    }
    close(index)
  }

  private mutating func object<S: JSONSource & ~Copyable>(in source: borrowing S, depth: Int) throws(JSONError) {
    guard depth <= Self.deepest else { throw failure(.tooDeep) }
    let index = nodes.count
    add(.object, from: position, to: position)
    position += 1
    skipSpace(in: source)
    if !skip("}", in: source) {
      var keys: Set<[UInt8]> = []  // keys name things; only values are secret
      repeat {
        skipSpace(in: source)
        try key(in: source, notAmong: &keys)
        skipSpace(in: source)
        guard skip(":", in: source) else { throw failure(.syntax) }
        skipSpace(in: source)
        try value(in: source, depth: depth + 1)
        skipSpace(in: source)
      } while skip(",", in: source)
      guard skip("}", in: source) else { throw failure(.syntax) }
    }
    close(index)
  }

  private mutating func key<S: JSONSource & ~Copyable>(
    in source: borrowing S, notAmong keys: inout Set<[UInt8]>
  ) throws(JSONError) {
    let (start, index) = (position, nodes.count)
    guard source.byte(at: position) == UInt8(ascii: "\"") else { throw failure(.syntax) }
    try string(in: source)
    var text: [UInt8] = []
    JSONText.unescape(nodes[index].range, of: source) { text.append($0) }
    guard keys.insert(text).inserted else { throw JSONError(.duplicateKey, at: start) }
  }

  // MARK: scalars

  private mutating func word<S: JSONSource & ~Copyable>(
    _ word: StaticString, _ kind: JSONNode.Kind, in source: borrowing S
  ) throws(JSONError) {
    let start = position
    for byte in word.description.utf8 {
      guard source.byte(at: position) == byte else { throw failure(.syntax) }
      position += 1
    }
    add(kind, from: start, to: position)
  }

  private mutating func number<S: JSONSource & ~Copyable>(in source: borrowing S) throws(JSONError) {
    let start = position
    _ = skip("-", in: source)
    if !skip("0", in: source) { try digits(in: source) }
    if skip(".", in: source) { try digits(in: source) }
    if skip("e", in: source) || skip("E", in: source) {
      if !skip("+", in: source) { _ = skip("-", in: source) }
      try digits(in: source)
    }
    add(.number, from: start, to: position)
  }

  private mutating func digits<S: JSONSource & ~Copyable>(in source: borrowing S) throws(JSONError) {
    let start = position
    while let byte = source.byte(at: position), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    guard position > start else { throw failure(.syntax) }
  }

  private mutating func string<S: JSONSource & ~Copyable>(in source: borrowing S) throws(JSONError) {
    position += 1
    let start = position
    while let byte = source.byte(at: position) {
      switch byte {
      case UInt8(ascii: "\""):
        add(.string, from: start, to: position)
        position += 1
        return
      case UInt8(ascii: "\\"): position += try JSONText.checkEscape(at: position, of: source)
      case 0x20...0x7F: position += 1
      case 0x80...: position += try JSONText.checkScalar(at: position, of: source)
      default: throw failure(.syntax)
      }
    }
    throw failure(.syntax)
  }
}
