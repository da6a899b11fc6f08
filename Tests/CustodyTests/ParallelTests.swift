import CustodyLog
import Testing

@testable import Custody

/// Work in batches gives the same result as work in one piece.
struct ParallelTests {
  private func squares(_ count: Int, batch: Int, bad: Int? = nil) throws -> [Int] {
    var found: [Int] = []
    try Parallel.stream(batch: batch) { hand in
      for number in 0..<count { try hand(number) }
    } work: { part in
      try part.map { number in
        if let bad, number >= bad { throw VaultError(.integrity, "\(number)") }
        return number * number
      }
    } body: {
      found.append($0)
    }
    return found
  }

  @Test(arguments: [0, 1, 63, 64, 65, 300, 1000], [1, 2, 63, 128, 5000])
  func `results are in order, whatever the size of a batch`(count: Int, batch: Int) throws {
    #expect(try squares(count, batch: batch) == (0..<count).map { $0 * $0 })
  }

  @Test(arguments: [1, 16, 128, 5000]) func `of several errors the first one's is thrown`(batch: Int) {
    let error = #expect(throws: VaultError.self) { _ = try squares(600, batch: batch, bad: 257) }
    #expect(error?.reason == "257")
  }

  /// Work that was begun has ended by then: the caller may close what it read from.
  @Test func `an error of who reads, or of who takes, ends it`() {
    struct Stop: Error {}
    var taken = 0
    #expect(throws: Stop.self) {
      try Parallel.stream(batch: 4) { hand in
        for number in 0..<400 { try hand(number) }
      } work: {
        $0
      } body: { _ in
        taken += 1
        if taken == 10 { throw Stop() }
      }
    }
    #expect(taken == 10)
    #expect(throws: Stop.self) {
      try Parallel.stream(batch: 4) { hand in
        for number in 0..<400 { if number < 50 { try hand(number) } else { throw Stop() } }
      } work: {
        $0
      } body: { _ in
      }
    }
  }
}
