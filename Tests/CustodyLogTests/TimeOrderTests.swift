import CustodyLog
import CustodyMemory
import Testing

struct TimeOrderTests {
  /// Of entries so many minutes after some time, asked an hour after the last that is in order.
  private func misdated(_ minutes: [Int64], now: Int64 = 1_000) -> [UInt64] {
    let start = Timestamp(milliseconds: 1_760_000_000_000)
    var order = TimeOrder()
    for (index, minute) in minutes.enumerated() {
      order.note(start.adding(milliseconds: minute * 60_000), at: UInt64(index))
    }
    return order.misdated(now: start.adding(milliseconds: now * 60_000))
  }

  @Test func `times in order, or off by what clocks differ, are as they should be`() {
    #expect(misdated([]) == [])
    #expect(misdated([0, 0, 10, 20]) == [])
    #expect(misdated([0, 10, 6, 20, 15, 30]) == [])
  }

  @Test func `both sides of where time runs backwards are named, for nothing tells which is right`() {
    #expect(misdated([0, 10, 3, 20, 30]) == [1, 2])
    #expect(misdated([0, 10, 900, 20, 30]) == [2, 3])
    #expect(misdated([0, 10, 900, 20, 2, 30]) == [2, 3, 4])
  }

  @Test func `a run of them is named whole, and what is dated after now too`() {
    #expect(misdated([80, 90, 100, 110, 3, 4, 5, 120, 130]) == [3, 4, 5, 6])
    #expect(misdated([100, 110, 2_000]) == [2])
    // Of two halves the smaller is the odd one.
    #expect(misdated([500, 510, 10, 20, 30]) == [0, 1, 2])
  }
}
