import CustodyValues
import Foundation
import Testing

struct TimestampTests {
  private static func makeFormatter() -> ISO8601DateFormatter {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    return formatter
  }

  /// Moments of every year in reach, always the same ones.
  private static func sample(_ count: Int) -> [Int64] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return -62_167_219_200_000 + Int64(state >> 8) % 315_569_520_000_000
    }
  }

  @Test func `text and moment are each other's inverse over ten thousand years`() throws {
    for milliseconds in Self.sample(20_000) {
      let moment = Timestamp(milliseconds: milliseconds)
      let again = try #require(Timestamp(rfc3339: moment.bytes))
      #expect(again.milliseconds == milliseconds)
      #expect(again.text == moment.text)
      #expect(moment.bytes.count == Timestamp.textCount)
    }
  }

  @Test func `Foundation reads and writes the same moments`() throws {
    let formatter = Self.makeFormatter()
    // Before 1582 Foundation's formatter counts by the Julian calendar, and RFC 3339 by the Gregorian.
    for milliseconds in Self.sample(3000) where milliseconds > -12_000_000_000_000 {
      let moment = Timestamp(milliseconds: milliseconds)
      let date = try #require(formatter.date(from: moment.text))
      #expect(Int64((date.timeIntervalSince1970 * 1000).rounded()) == milliseconds)
    }
  }

  @Test func `every day of eight hundred years has Foundation's date`() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    var date = try #require(calendar.date(from: DateComponents(year: 1600, month: 1, day: 1)))
    while date.timeIntervalSince1970 < 13_600_000_000 {
      let parts = calendar.dateComponents([.year, .month, .day], from: date)
      let text = Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000).text.prefix(10).split(separator: "-")
      #expect(text.compactMap { Int($0) } == [parts.year, parts.month, parts.day])
      date.addTimeInterval(86_400)
    }
  }

  @Test func `known moments`() {
    #expect(Timestamp(milliseconds: 0).text == "1970-01-01T00:00:00.000Z")
    #expect(Timestamp(milliseconds: -1).text == "1969-12-31T23:59:59.999Z")
    #expect(Timestamp(milliseconds: .max).text == "9999-12-31T23:59:59.999Z")
    #expect(Timestamp(milliseconds: .min).text == "0000-01-01T00:00:00.000Z")
    #expect(Timestamp(milliseconds: 1_795_441_920_250).text == "2026-11-23T13:52:00.250Z")
    #expect(Timestamp(milliseconds: 5).adding(milliseconds: .max).text == "9999-12-31T23:59:59.999Z")
    #expect(Timestamp(milliseconds: -5).adding(milliseconds: .min).text == "0000-01-01T00:00:00.000Z")
    #expect(abs(Timestamp.now().milliseconds - Int64(Date().timeIntervalSince1970 * 1000)) < 10_000)
  }

  @Test(arguments: [
    "", "2026-11-23T13:52:00.25Z", "2026-11-23T13:52:00.2500Z", "2026-11-23 13:52:00.250Z", "2026-11-23t13:52:00.250Z",
    "2026-11-23T13:52:00.250z", "2026-11-23T13:52:00,250Z", "2026-02-29T00:00:00.000Z", "1900-02-29T00:00:00.000Z",
    "2026-00-10T00:00:00.000Z", "2026-13-10T00:00:00.000Z", "2026-04-31T00:00:00.000Z", "2026-01-00T00:00:00.000Z",
    "2026-01-01T24:00:00.000Z", "2026-01-01T00:60:00.000Z", "2016-12-31T23:59:60.000Z", "+026-01-01T00:00:00.000Z",
    "-026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.+00Z", "２026-01-01T00:00:00.00", " 2026-01-01T00:00:00.00Z",
  ])
  func `the log's form is written one way`(text: String) {
    #expect(Timestamp(rfc3339: text.utf8) == nil)
  }

  @Test func `every byte changed in the log's form is refused or another moment`() {
    let text = [UInt8]("2024-02-29T23:59:59.999Z".utf8)
    for position in text.indices {
      for byte in UInt8.min...UInt8.max where byte != text[position] {
        var changed = text
        changed[position] = byte
        guard let moment = Timestamp(rfc3339: changed) else { continue }
        #expect(moment.bytes == changed)
      }
    }
  }

  @Test(arguments: [
    ("2027-11-01", "2027-11-01T00:00:00.000Z", "2027-11-02T00:00:00.000Z"),
    ("2024-02-28", "2024-02-28T00:00:00.000Z", "2024-02-29T00:00:00.000Z"),
    ("2027-11-01T09:00:00Z", "2027-11-01T09:00:00.000Z", "2027-11-01T09:00:00.000Z"),
    ("2027-11-01 09:00:00+05:30", "2027-11-01T03:30:00.000Z", "2027-11-01T03:30:00.000Z"),
    ("2027-11-01t23:00:00.5-02:00", "2027-11-02T01:00:00.500Z", "2027-11-02T01:00:00.500Z"),
    ("2027-11-01T09:00:00.123456789z", "2027-11-01T09:00:00.123Z", "2027-11-01T09:00:00.123Z"),
    ("2027-11-01T09:00:00.07Z", "2027-11-01T09:00:00.070Z", "2027-11-01T09:00:00.070Z"),
  ])
  func `typed times are RFC 3339 or a date`(text: String, start: String, end: String) throws {
    #expect(try Timestamp(typed: text, date: .start).text == start)
    #expect(try Timestamp(typed: text, date: .end).text == end)
  }

  @Test(arguments: [
    "", "tomorrow", "2027-11", "2027-11-31", "2027-11-01T", "2027-11-01T09:00Z", "2027-11-01T09:00:00",
    "2027-11-01T09:00:00.Z", "2027-11-01T09:00:00+0530", "2027-11-01T09:00:00+24:00", "2027-11-01T09:00:00Z ",
    "2027-11-01T09:00:60Z", "27-11-01", "2027-11-01\u{0}",
  ])
  func `anything else is not a time`(text: String) {
    #expect(throws: TimestampError.notATime) { try Timestamp(typed: text, date: .start) }
  }

  @Test func `a time that leaves the years in UTC is out of range`() {
    #expect(throws: TimestampError.outOfRange) { try Timestamp(typed: "9999-12-31", date: .end) }
    #expect(throws: TimestampError.outOfRange) { try Timestamp(typed: "0000-01-01T00:00:00+01:00", date: .end) }
  }
}
