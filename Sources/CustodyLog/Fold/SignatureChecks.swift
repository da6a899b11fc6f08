internal import CustodyCrypto
internal import CustodySystem
internal import Dispatch
internal import Synchronization

/// A queue that verifies signatures on all cores while the caller reads on. It reports the first one that fails.
final class SignatureChecks: Sendable {
  /// Signatures in a batch: enough to keep one core busy while the next batch is gathered.
  static let batch = 128
  /// Up to this many are verified by the caller: that takes less time than waking other threads.
  static let few = 8
  private let threads = WorkerThreads()
  private let group = DispatchGroup()
  /// Limits the batches that wait in memory.
  private let room: DispatchSemaphore
  private let first = Mutex<HistoryFault?>(nil)

  init() { room = DispatchSemaphore(value: 2 * WorkerThreads.coreCount) }

  func check(_ jobs: [SignatureCheck]) {
    room.wait()
    group.enter()
    threads.add { [self] in
      for job in jobs where !job.holds { tell(job.fault) }
      room.signal()
      group.leave()
    }
  }

  private func tell(_ fault: HistoryFault) {
    first.withLock { first in if first.map({ fault.position < $0.position }) ?? true { first = fault } }
  }

  /// Waits for all batches. The failed check with the lowest position, or nil if all signatures verify.
  func finish() -> HistoryFault? {
    group.wait()
    return first.withLock { $0 }
  }
}
