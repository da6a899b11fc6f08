/// Reads values that `OctetWriter` wrote.
package struct OctetReader {
  package struct Malformed: Error {
    package init() {}
  }

  private let bytes: [UInt8]
  private var position = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var isAtEnd: Bool { position == bytes.count }

  private mutating func take(_ count: Int) throws(Malformed) -> Range<Int> {
    guard count <= bytes.count - position else { throw Malformed() }
    defer { position += count }
    return position..<position + count
  }

  package mutating func number() throws(Malformed) -> UInt64 {
    UInt64(littleEndianBytes: bytes[try take(8)])
  }

  /// Reads the count of a list whose elements take at least `least` bytes each. A count that the rest of the bytes
  /// can't hold is malformed, so a false one allocates nothing.
  package mutating func count(ofAtLeast least: Int = 1) throws(Malformed) -> Int {
    guard let count = Int(exactly: try number()), count <= (bytes.count - position) / least else { throw Malformed() }
    return count
  }

  package mutating func digest() throws(Malformed) -> Digest {
    let range = try take(Digest.count)
    return unsafe bytes.withUnsafeBytes { source in
      unsafe Digest { out in unsafe out.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[range])) }
    }
  }

  package mutating func identifier() throws(Malformed) -> Identifier {
    let range = try take(Identifier.count)
    return unsafe bytes.withUnsafeBytes { source in
      unsafe Identifier { out in unsafe out.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[range])) }
    }
  }

  package mutating func text() throws(Malformed) -> String {
    let count = try count()
    guard let text = String(validating: bytes[try take(count)], as: UTF8.self) else { throw Malformed() }
    return text
  }

  package mutating func optionalNumber() throws(Malformed) -> UInt64? {
    switch try number() {
    case 0: return nil
    case 1: return try number()
    default: throw Malformed()
    }
  }

  package mutating func optional<Element>(
    _ body: (inout OctetReader) throws(Malformed) -> Element
  ) throws(Malformed) -> Element? {
    switch try number() {
    case 0: return nil
    case 1: return try body(&self)
    default: throw Malformed()
    }
  }

  package mutating func list<Element>(
    ofAtLeast least: Int, _ body: (inout OctetReader) throws(Malformed) -> Element
  ) throws(Malformed) -> [Element] {
    let count = try count(ofAtLeast: least)
    var elements: [Element] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(try body(&self)) }
    return elements
  }
}
