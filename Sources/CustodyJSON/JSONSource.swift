internal import CustodySecrets
internal import CustodyValues

/// Bytes that the scanner reads one at a time, from ordinary or from secret memory.
protocol JSONSource: ~Copyable {
  borrowing func byte(at index: Int) -> UInt8?
}

extension SecureBytes: JSONSource {}

struct PlainSource: JSONSource {
  let bytes: [UInt8]
  func byte(at index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }
}
