internal import CustodySecrets

/// A line that is being typed at a hidden prompt. It does the editing that a terminal does in its canonical mode,
/// because that mode ends a line at 4,095 bytes and refresh tokens are longer.
struct HiddenLine: ~Copyable {
  enum Step { case more, done, cancelled }

  private var bytes: SecureBytes
  private let limit: Int
  private var count = 0
  /// The first error. It is kept until the line ends, so that the rest of a bad paste is swallowed.
  private(set) var failure: TerminalError?

  init(limit: Int) throws(SecureMemoryError) {
    bytes = try SecureBytes(count: limit)
    self.limit = limit
  }

  mutating func take(_ byte: UInt8) -> Step {
    switch byte {
    case 0x0A, 0x0D: return .done
    case 0x03, 0x04: return .cancelled
    case 0x08, 0x7F: dropCharacter()
    case 0x15: drop(count)
    case 0x17: dropWord()
    case 0x00: failure = failure ?? .containsNUL
    default: append(byte)
    }
    return .more
  }

  /// The line, in memory of exactly its length.
  borrowing func finish() throws(TerminalError) -> SecureBytes {
    if let failure { throw failure }
    do { return try bytes.slice(0..<count) } catch { throw .outOfMemory }
  }

  private mutating func append(_ byte: UInt8) {
    guard count < limit else { return failure = failure ?? .tooLong }
    unsafe bytes.withUnsafeMutableBytes { unsafe $0[count] = byte }
    count += 1
  }

  private func last() -> UInt8? { count == 0 ? nil : unsafe bytes.withUnsafeBytes { unsafe $0[count - 1] } }

  private mutating func drop(_ length: Int) {
    for _ in 0..<length {
      count -= 1
      unsafe bytes.withUnsafeMutableBytes { unsafe $0[count] = 0 }
    }
  }

  /// Deletes one UTF-8 character, not just one byte of it.
  private mutating func dropCharacter() {
    while let byte = last(), byte & 0xC0 == 0x80 { drop(1) }
    if count > 0 { drop(1) }
  }

  private mutating func dropWord() {
    while let byte = last(), byte == 0x20 || byte == 0x09 { drop(1) }
    while let byte = last(), byte != 0x20, byte != 0x09 { drop(1) }
  }
}
