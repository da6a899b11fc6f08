/// The tokenizer for ordinary and for secret text, strictly by RFC 8259.
///
/// Beyond the grammar it refuses a byte order mark, invalid UTF-8, escapes of half a surrogate pair, a key that
/// occurs twice in an object (readers differ on which one counts), and more than 64 levels, so that the sender can't
/// exhaust the stack.
///
/// A tolerant scan is for replies that can be had only once. It skips a byte order mark and values nested too deep,
/// allows any bytes in a string and zeros at the end, takes any word for a number (`NaN`, `007`), and leaves repeated
/// keys to the reader. It is as strict about where values begin and end.
struct JSONScanner {
  static let deepest = 64

  private(set) var nodes: [JSONNode] = []
  private var position = 0
  private let isTolerant: Bool

  private init(isTolerant: Bool) { self.isTolerant = isTolerant }

  static func scan<S: JSONSource & ~Copyable>(
    _ source: borrowing S, tolerant isTolerant: Bool = false
  ) throws(JSONError) -> [JSONNode] {
    var scanner = JSONScanner(isTolerant: isTolerant)
    if hasByteOrderMark(source) {
      guard isTolerant else { throw JSONError(.byteOrderMark, at: 0) }
      scanner.position = 3
    }
    scanner.skipSpace(in: source)
    try scanner.value(in: source, depth: 1)
    scanner.skipSpace(in: source)
    // Zero bytes at the end, from a sender that counted one too many.
    while isTolerant, source.byte(at: scanner.position) == 0 { scanner.position += 1 }
    guard source.byte(at: scanner.position) == nil else { throw scanner.failure(.trailingBytes) }
    return scanner.nodes
  }

  static func hasByteOrderMark<S: JSONSource & ~Copyable>(_ source: borrowing S) -> Bool {
    source.byte(at: 0) == 0xEF && source.byte(at: 1) == 0xBB && source.byte(at: 2) == 0xBF
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
    case let byte? where isTolerant && depth > Self.deepest && Self.isOpening(byte): try passOver(in: source)
    case UInt8(ascii: "{"): try object(in: source, depth: depth)
    case UInt8(ascii: "["): try array(in: source, depth: depth)
    case UInt8(ascii: "\""): try string(in: source)
    case _ where isTolerant && depth > 1: try anyWord(in: source)
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

  private static func isOpening(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") }

  /// Skips a value that is nested too deep, up to its end.
  private mutating func passOver<S: JSONSource & ~Copyable>(in source: borrowing S) throws(JSONError) {
    let (start, known) = (position, nodes.count)
    var level = 0
    while let byte = source.byte(at: position) {
      if byte == UInt8(ascii: "\"") {
        try string(in: source)
        nodes.removeLast(nodes.count - known)
        continue
      }
      position += 1
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["): level += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): level -= 1
      default: continue
      }
      if level == 0 { return add(.null, from: start, to: position) }
    }
    throw failure(.syntax)
  }

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
    guard keys.insert(text).inserted || isTolerant else { throw JSONError(.duplicateKey, at: start) }
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

  /// Reads up to the next delimiter: null, true, false, a number, or what some writers put for one.
  private mutating func anyWord<S: JSONSource & ~Copyable>(in source: borrowing S) throws(JSONError) {
    let start = position
    var text: [UInt8] = []
    while let byte = source.byte(at: position), Self.isWordByte(byte) {
      if text.count < 6 { text.append(byte) }
      position += 1
    }
    guard position > start else { throw failure(.syntax) }
    let words: [(String, JSONNode.Kind)] = [("null", .null), ("true", .yes), ("false", .no)]
    add(words.first { text.elementsEqual($0.0.utf8) }?.1 ?? .number, from: start, to: position)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "_"):
      true
    default: false
    }
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
      case UInt8(ascii: "\\"): position += try escape(in: source)
      case 0x20...0x7F: position += 1
      case 0x80...: position += try scalar(in: source)
      default:
        guard isTolerant else { throw failure(.syntax) }
        position += 1
      }
    }
    throw failure(.syntax)
  }

  /// The length of an escape. A tolerant scan also takes half of a surrogate pair, and a backslash before any
  /// character.
  private func escape<S: JSONSource & ~Copyable>(in source: borrowing S) throws(JSONError) -> Int {
    do { return try JSONText.checkEscape(at: position, of: source) } catch {
      guard isTolerant else { throw error }
      return error.reason == .loneSurrogate ? 6 : 2
    }
  }

  private func scalar<S: JSONSource & ~Copyable>(in source: borrowing S) throws(JSONError) -> Int {
    do { return try JSONText.checkScalar(at: position, of: source) } catch {
      guard isTolerant else { throw error }
      return 1
    }
  }
}
