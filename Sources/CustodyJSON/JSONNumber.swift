/// A number as it was written. A double would lose digits of an identifier or a time.
package struct JSONNumber: Hashable, Sendable {
  package let text: String

  package init(_ integer: some FixedWidthInteger) { text = String(integer) }

  /// Takes any number of RFC 8259; nil for other text.
  package init?(_ text: String) {
    guard let nodes = try? JSONScanner.scan(PlainSource(bytes: Array(text.utf8))), nodes[0].kind == .number,
      nodes[0].range.count == text.utf8.count
    else { return nil }
    self.text = text
  }

  init(checked text: String) { self.text = text }

  /// The value, if it is a whole number of 64 bits, written without fraction and exponent.
  package var integer: Int64? { Int64(text) }
}
