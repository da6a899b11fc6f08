internal import CustodyCrypto
internal import CustodySystem
internal import Dispatch
internal import Synchronization

/// Signatures that are checked on every core while the caller goes on reading; the first that does not hold is told.
final class SignatureChecks: Sendable {
  /// Enough for one core to be busy while the next are gathered.
  static let batch = 128
  static let few = 8
  private let threads = WorkerThreads()
  private let group = DispatchGroup()
  /// Bounds what waits in memory.
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

  /// When all that was handed over is done: the fault of the lowest position.
  func finish() -> HistoryFault? {
    group.wait()
    return first.withLock { $0 }
  }
}
