internal import Synchronization

/// How far something is that may take long: so many done of so many. Told now and then, and from any thread.
public typealias ProgressReport = @Sendable (_ done: UInt64, _ total: UInt64) -> Void

/// Counts what is done, on one thread or on several, and tells of it so seldom that the telling costs nothing.
package final class Tally: Sendable {
  private static let stride: UInt64 = 64
  private let done = Atomic<UInt64>(0)
  private let total: UInt64
  private let report: ProgressReport

  package init(of total: UInt64, _ report: @escaping ProgressReport) { (self.total, self.report) = (total, report) }

  /// What takes longer than its neighbours weighs more.
  package func add(_ weight: UInt64 = 1) {
    let (before, count) = done.add(weight, ordering: .relaxed)
    if before / Self.stride != count / Self.stride || count == total { report(count, total) }
  }
}
