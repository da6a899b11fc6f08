internal import Synchronization

/// Receives the progress of long work: `done` of `total` units. It is called now and then, from any thread.
public typealias ProgressReport = @Sendable (_ done: UInt64, _ total: UInt64) -> Void

/// Counts finished work, on one or several threads, and reports so seldom that reporting costs nothing.
package final class Tally: Sendable {
  private static let stride: UInt64 = 64
  private let done = Atomic<UInt64>(0)
  private let total: UInt64
  private let report: ProgressReport

  package init(of total: UInt64, _ report: @escaping ProgressReport) { (self.total, self.report) = (total, report) }

  /// Counts `weight` units as done. Work that takes longer than the rest weighs more.
  package func add(_ weight: UInt64 = 1) {
    let (before, count) = done.add(weight, ordering: .relaxed)
    if before / Self.stride != count / Self.stride || count == total { report(count, total) }
  }
}
