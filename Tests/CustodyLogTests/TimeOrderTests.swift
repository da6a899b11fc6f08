import CustodyLog
import CustodyValues
import Testing

struct TimeOrderTests {
  private static let start = Timestamp(milliseconds: 1_760_000_000_000)
  private static func minute(_ minute: Int64) -> Timestamp { start.adding(milliseconds: minute * 60_000) }

  /// The misdated entries of a log whose entries are this many minutes after a start, for a period in minutes.
  private func misdated(
    _ minutes: [Int64], since: Int64? = nil, until: Int64? = nil, now: Int64 = 1_000
  ) -> [UInt64] {
    var order = TimeOrder(since: since.map(Self.minute), until: until.map(Self.minute), now: Self.minute(now))
    for (index, minute) in minutes.enumerated() { order.note(Self.minute(minute), at: UInt64(index)) }
    return order.misdated
  }

  @Test func `times in order, or off by what clocks differ, put nothing in doubt`() {
    #expect(misdated([], since: 0) == [])
    #expect(misdated([0, 0, 10, 20], since: 5, until: 15) == [])
    #expect(misdated([0, 10, 8, 20, 18, 30], since: 9, until: 19) == [])
    #expect(misdated([0, 100, 3, 200]) == [])
  }

  @Test func `whatever stands behind an entry of the period, and is dated before it, is named`() {
    #expect(misdated([0, 100, 3, 200], since: 50) == [1, 2])
    // The result does not depend on how many they are or who wrote the most.
    #expect(misdated([100, 110, 3, 4, 5, 6, 120], since: 50) == [0, 1, 2, 3, 4, 5])
    #expect(misdated([0, 10, 200, 20, 300], until: 100) == [2, 3])
    #expect(misdated([0, 10, 40, 20, 300], until: 100) == [])
  }

  @Test func `one that is dated ahead of now is named, and puts no other in doubt`() {
    #expect(misdated([0, 10, 5_000, 20, 30], since: 15) == [2])
    #expect(misdated([100, 110, 2_000], until: 105) == [2])
  }
}
