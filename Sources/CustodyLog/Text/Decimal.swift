extension UInt64 {
  /// The next number, or the same for the largest: a number that was read may be any.
  var successor: UInt64 { self == .max ? .max : self + 1 }
}

/// Decimals of the log's formats: ASCII digits of an unsigned 64-bit number, no sign, no leading zero.
package enum Decimal {
  package static func parse(_ text: some Collection<UInt8>) -> UInt64? {
    guard let first = text.first, text.count == 1 || first != 0x30 else { return nil }
    var value: UInt64 = 0
    for digit in text {
      guard (0x30...0x39).contains(digit) else { return nil }
      let (tens, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(UInt64(digit - 0x30))
      guard !over, !carry else { return nil }
      value = sum
    }
    return value
  }

  package static func format(_ value: UInt64) -> [UInt8] { Array(String(value).utf8) }
}
