internal import Dispatch
internal import Glibc
internal import Synchronization

/// Threads that carry out work in the order in which it is added. If none can be started, the thread that adds the
/// work does it.
package final class WorkerThreads: Sendable {
  package static var coreCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
  private let line = WorkLine()
  private let limit: Int

  package init(limit: Int = WorkerThreads.coreCount) { self.limit = limit }

  deinit { line.close(limit) }

  package func add(_ work: @escaping @Sendable () -> Void) {
    if line.add(work, limit), !DetachedThread.start({ [line] in line.work() }) { line.noteMissing() }
    line.workIfAlone()
  }
}

/// The queue of work that waits for a thread.
private final class WorkLine: Sendable {
  private struct State {
    var waiting: [@Sendable () -> Void] = []
    var threads = 0
    var isClosed = false
  }
  private let state = Mutex(State())
  private let signal = DispatchSemaphore(value: 0)

  /// Queues work. True if one more thread is to be started.
  func add(_ work: @escaping @Sendable () -> Void, _ limit: Int) -> Bool {
    defer { signal.signal() }
    return state.withLock { state in
      state.waiting.append(work)
      guard state.threads < limit else { return false }
      state.threads += 1
      return true
    }
  }

  func noteMissing() { state.withLock { $0.threads -= 1 } }

  private func next() -> (@Sendable () -> Void)? {
    state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
  }

  func workIfAlone() {
    guard state.withLock({ $0.threads == 0 }) else { return }
    while let work = next() { work() }
  }

  /// A worker thread's loop.
  func work() {
    while true {
      signal.wait()
      if let work = next() { work() } else if state.withLock({ $0.isClosed }) { return }
    }
  }

  func close(_ threads: Int) {
    state.withLock { $0.isClosed = true }
    for _ in 0..<threads { signal.signal() }
  }
}
