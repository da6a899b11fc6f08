/// Reads the parts of a time from left to right. Days that no calendar has and leap seconds are refused.
struct TimeReader {
  private let text: [UInt8]
  private var index = 0

  init(_ text: some Collection<UInt8>) { self.text = Array(text) }

  var isAtEnd: Bool { index == text.count }

  mutating func next() -> UInt8? {
    guard index < text.count else { return nil }
    defer { index += 1 }
    return text[index]
  }

  mutating func skip(_ one: Unicode.Scalar) -> Bool { next() == UInt8(ascii: one) }

  mutating func digit() -> Int64? {
    guard index < text.count, (48...57).contains(text[index]) else { return nil }
    return next().map { Int64($0) - 48 }
  }

  mutating func number(digits: Int) -> Int64? {
    var value: Int64 = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// Reads a date, `2026-11-23`, as days since 1970.
  mutating func date() -> Int64? {
    guard let year = number(digits: 4), skip("-"), let month = number(digits: 2), (1...12).contains(month), skip("-"),
      let day = number(digits: 2), day >= 1, day <= Timestamp.daysIn(month: month, year: year)
    else { return nil }
    return Timestamp.days(year: year, month: month, day: day)
  }

  /// Reads a time of day, `13:52:00`, as seconds since midnight.
  mutating func time() -> Int64? {
    guard let hour = number(digits: 2), hour < 24, skip(":"), let minute = number(digits: 2), minute < 60, skip(":"),
      let second = number(digits: 2), second < 60
    else { return nil }
    return hour * 3600 + minute * 60 + second
  }

  /// Reads the digits behind the point, as milliseconds. Finer digits are cut off.
  mutating func fraction() -> Int64? {
    guard var value = digit() else { return nil }
    var count = 1
    while let digit = digit() {
      if count < 3 { value = value * 10 + digit }
      count += 1
    }
    return count >= 3 ? value : count == 2 ? value * 10 : value * 100
  }

  /// Reads `Z` or an offset such as `+05:30`, as seconds east.
  mutating func offset() -> Int64? {
    let sign = next()
    if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z") { return 0 }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hour = number(digits: 2), hour < 24, skip(":"),
      let minute = number(digits: 2), minute < 60
    else { return nil }
    return (sign == UInt8(ascii: "-") ? -1 : 1) * (hour * 3600 + minute * 60)
  }
}
