internal import CustodyMemory

/// Writes a private, fixed form: numbers in eight bytes, texts and lists with their length before them.
struct OctetWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ number: UInt64) {
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * shift))) }
  }
  mutating func write(_ digest: Digest) { bytes += digest.bytes }
  mutating func write(_ id: Identifier) { bytes += id.bytes }

  mutating func write(_ text: String) {
    write(UInt64(text.utf8.count))
    bytes += Array(text.utf8)
  }

  mutating func write(_ number: UInt64?) {
    write(number == nil ? 0 : 1 as UInt64)
    if let number { write(number) }
  }

  mutating func write<Element>(_ elements: some Collection<Element>, _ body: (inout OctetWriter, Element) -> Void) {
    write(UInt64(elements.count))
    for element in elements { body(&self, element) }
  }
}

/// Reads what `OctetWriter` wrote, and nothing else.
struct OctetReader {
  struct Malformed: Error {}

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  private mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else { throw Malformed() }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func number() throws(Malformed) -> UInt64 {
    guard bytes.count - position >= 8 else { throw Malformed() }
    var number: UInt64 = 0
    for shift in 0..<8 { number |= UInt64(bytes[position + shift]) << UInt64(8 * shift) }
    position += 8
    return number
  }

  /// Of what follows, each of at least so many bytes: a false count makes no allocation.
  mutating func count(ofAtLeast least: Int = 1) throws(Malformed) -> Int {
    guard let count = Int(exactly: try number()), count <= (bytes.count - position) / least else { throw Malformed() }
    return count
  }

  mutating func digest() throws(Malformed) -> Digest {
    guard let digest = Digest(try take(Digest.count)) else { throw Malformed() }
    return digest
  }

  mutating func identifier() throws(Malformed) -> Identifier {
    guard let id = Identifier(Array(try take(Identifier.count))) else { throw Malformed() }
    return id
  }

  mutating func text() throws(Malformed) -> String {
    let count = try count()
    guard let text = String(validating: try take(count), as: UTF8.self) else { throw Malformed() }
    return text
  }

  mutating func optionalNumber() throws(Malformed) -> UInt64? {
    switch try number() {
    case 0: return nil
    case 1: return try number()
    default: throw Malformed()
    }
  }

  mutating func list<Element>(
    ofAtLeast least: Int, _ body: (inout OctetReader) throws(Malformed) -> Element
  ) throws(Malformed) -> [Element] {
    var elements: [Element] = []
    for _ in 0..<(try count(ofAtLeast: least)) { elements.append(try body(&self)) }
    return elements
  }
}
