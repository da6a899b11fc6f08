internal import Glibc

/// A moment in UTC, with milliseconds, within the years 0000 to 9999 that the log can write.
public struct Timestamp: Comparable, Hashable, Sendable {
  /// Milliseconds since 1970-01-01T00:00:00Z; negative before.
  public let milliseconds: Int64

  static let day: Int64 = 86_400_000
  static let earliest: Int64 = -62_167_219_200_000
  static let latest: Int64 = 253_402_300_799_999

  /// Makes a moment. One outside the years 0000 to 9999 becomes the nearest one inside.
  public init(milliseconds: Int64) {
    self.milliseconds = min(max(milliseconds, Self.earliest), Self.latest)
  }

  /// The time by the system's clock.
  public static func now() -> Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// The moment `more` milliseconds later, or the end of the year 9999 at the latest.
  public func adding(milliseconds more: Int64) -> Timestamp {
    let (sum, overflow) = milliseconds.addingReportingOverflow(more)
    return Timestamp(milliseconds: overflow ? (more > 0 ? .max : .min) : sum)
  }

  /// True if the first moment is earlier.
  public static func < (one: Timestamp, other: Timestamp) -> Bool { one.milliseconds < other.milliseconds }
}

/// The log's form of a time, `2026-11-23T13:52:00.250Z`: 24 bytes, with one way to write each moment.
extension Timestamp {
  package static let textCount = 24

  /// Parses the log's form of a time; nil for any other.
  public init?(rfc3339 text: some Collection<UInt8>) { self.init(rfc3339: Array(text)[...]) }

  /// Parses the log's form of a time; nil for any other. Not generic, for speed: folding the log reads one for each
  /// entry.
  public init?(rfc3339 text: ArraySlice<UInt8>) {
    guard text.count == Self.textCount else { return nil }
    var reader = TimeReader(text)
    guard let date = reader.date(), reader.skip("T"), let time = reader.time(), reader.skip("."),
      let fraction = reader.number(digits: 3), reader.skip("Z")
    else { return nil }
    milliseconds = date * Self.day + time * 1000 + fraction
  }

  package var bytes: [UInt8] {
    let (days, rest) = (Self.floor(milliseconds, Self.day), Self.remainder(milliseconds, Self.day))
    let (year, month, dayOfMonth) = Self.civil(days)
    var text: [UInt8] = []
    text.reserveCapacity(Self.textCount)
    func put(_ value: Int64, digits: Int, then end: Unicode.Scalar) {
      var divisor: Int64 = digits == 4 ? 1000 : digits == 3 ? 100 : 10
      while divisor > 0 {
        text.append(UInt8(truncatingIfNeeded: 48 + value / divisor % 10))
        divisor /= 10
      }
      text.append(UInt8(ascii: end))
    }
    put(year, digits: 4, then: "-")
    put(month, digits: 2, then: "-")
    put(dayOfMonth, digits: 2, then: "T")
    put(rest / 3_600_000, digits: 2, then: ":")
    put(rest / 60_000 % 60, digits: 2, then: ":")
    put(rest / 1000 % 60, digits: 2, then: ".")
    put(rest % 1000, digits: 3, then: "Z")
    return text
  }

  /// The log's form of the time, such as `2026-11-23T13:52:00.250Z`.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Conversion between days since 1970 and civil dates, by Howard Hinnant's algorithm. Its years begin in March, so
/// that the leap day is the last.
extension Timestamp {
  static func floor(_ value: Int64, _ divisor: Int64) -> Int64 { (value - remainder(value, divisor)) / divisor }
  static func remainder(_ value: Int64, _ divisor: Int64) -> Int64 { (value % divisor + divisor) % divisor }

  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let era = floor(year, 400)
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floor(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  static func daysIn(month: Int64, year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
