/// Writes a private binary form: numbers as eight bytes, little-endian; texts and lists with their length in front.
package struct OctetWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Reserves room for about `count` bytes.
  package init(reserving count: Int) { bytes.reserveCapacity(count) }

  package mutating func write(_ number: UInt64) { bytes += number.littleEndianBytes }
  package mutating func write(_ digest: Digest) {
    unsafe digest.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }
  package mutating func write(_ id: Identifier) { unsafe id.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) } }

  package mutating func write(_ text: String) {
    write(UInt64(text.utf8.count))
    bytes += Array(text.utf8)
  }

  package mutating func write(_ number: UInt64?) {
    write(number == nil ? 0 : 1 as UInt64)
    if let number { write(number) }
  }

  package mutating func write<Element>(optional element: Element?, _ body: (inout OctetWriter, Element) -> Void) {
    write(element == nil ? 0 : 1 as UInt64)
    if let element { body(&self, element) }
  }

  package mutating func write<Element>(
    _ elements: some Collection<Element>, _ body: (inout OctetWriter, Element) -> Void
  ) {
    write(UInt64(elements.count))
    for element in elements { body(&self, element) }
  }
}
