/// A number as it was written, because a double would lose digits of an identifier or a time.
package struct JSONNumber: Hashable, Sendable {
  package let text: String

  package init(_ integer: some FixedWidthInteger) { text = String(integer) }

  /// From text that RFC 8259 calls a number.
  package init?(_ text: String) {
    guard let nodes = try? JSONScanner.scan(OpenSource(bytes: Array(text.utf8))), nodes[0].kind == .number,
      nodes[0].range.count == text.utf8.count
    else { return nil }
    self.text = text
  }

  init(checked text: String) { self.text = text }

  /// Nothing for fractions, for exponents, and beyond 64 bits.
  package var integer: Int64? { Int64(text) }
}
