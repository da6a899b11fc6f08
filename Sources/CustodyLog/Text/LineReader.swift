internal import CustodyCrypto
internal import CustodyValues

/// A reader of `word value` lines that end in LF.
struct LineReader {
  let bytes: [UInt8]
  let end: Int
  private(set) var position = 0

  init(bytes: [UInt8], end: Int) { (self.bytes, self.end) = (bytes, end) }

  mutating func line() -> ArraySlice<UInt8>? {
    guard let range = lineRange(), !range.isEmpty else { return nil }
    position = range.upperBound + 1
    return bytes[range]
  }

  /// Reads the next line. Nil at the end, or if the line is not a word, one space and a value.
  mutating func next() -> (word: Range<Int>, value: Range<Int>)? {
    guard let range = lineRange(), let space = bytes[range].firstIndex(of: 0x20), space > range.lowerBound,
      space + 1 < range.upperBound
    else { return nil }
    position = range.upperBound + 1
    return (range.lowerBound..<space, space + 1..<range.upperBound)
  }

  mutating func value(of word: String) throws(EntryError) -> ArraySlice<UInt8> {
    guard let found = next(), bytes[found.word] == Array(word.utf8)[...] else { throw .malformedLine(word) }
    return bytes[found.value]
  }

  private func lineRange() -> Range<Int>? {
    guard position < end, let newline = bytes[position..<end].firstIndex(of: 0x0a) else { return nil }
    return position..<newline
  }
}
