import CustodyValues
import Testing

/// Numbers and times as people read them.
struct PlainWordsTests {
  @Test(arguments: [
    (0, "0 s"), (1, "1 s"), (59, "59 s"), (60, "1 min"), (90, "1 min 30 s"), (3600, "1 h"), (6960, "1 h 56 min"),
    (6973, "1 h 56 min"), (3605, "1 h"), (86_400, "1 d"), (90_000, "1 d 1 h"), (604_800, "7 d"),
  ])
  func `a span is told by its two largest units`(seconds: Int64, words: String) {
    #expect(TimeSpan(seconds: seconds).words == words)
  }

  @Test(arguments: [
    ("2027-11-02T00:00:00.000Z", "to the end of 1 November 2027 (UTC)"),
    ("2028-03-01T00:00:00.000Z", "to the end of 29 February 2028 (UTC)"),
    ("2027-01-01T00:00:00.000Z", "to the end of 31 December 2026 (UTC)"),
    ("2027-11-01T09:30:00.000Z", "until 2027-11-01T09:30:00.000Z"),
    ("2027-11-01T23:59:59.999Z", "until 2027-11-01T23:59:59.999Z"),
    ("2027-11-02T00:00:00.001Z", "until 2027-11-02T00:00:00.001Z"),
  ])
  func `an end at midnight is the end of the day before`(text: String, words: String) throws {
    #expect(try #require(Timestamp(rfc3339: Array(text.utf8))).asEnd == words)
  }

  @Test func `a date that is typed as an end is told as that date`() throws {
    #expect(try Timestamp(typed: "2027-11-01", date: .end).asEnd == "to the end of 1 November 2027 (UTC)")
  }

  @Test func `one is one`() {
    #expect("value".counted(1) == "1 value" && "value".counted(0) == "0 values" && "value".counted(2) == "2 values")
    #expect("log entry".counted(1) == "1 log entry" && "log entry".counted(UInt64.max).hasSuffix("15 log entries"))
  }
}
