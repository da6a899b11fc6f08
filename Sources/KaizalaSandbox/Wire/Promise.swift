import Dispatch
import Synchronization

/// The response that a task makes, for a thread that waits for it. The thread must not belong to the pool that runs
/// tasks, which it would block.
final class Promise: Sendable {
  private let made = Mutex<Response?>(nil)
  private let isMade = DispatchSemaphore(value: 0)

  init(_ make: @escaping @Sendable () async -> Response) {
    Task {
      let response = await make()
      made.withLock { $0 = response }
      isMade.signal()
    }
  }

  func wait() -> Response {
    while true {
      isMade.wait()
      if let response = made.withLock(\.self) { return response }
    }
  }
}
