import CustodySystem
import CustodyValues
import Dispatch
import Synchronization
import Testing

struct WorkerThreadsTests {
  private final class Done: Sendable {
    let numbers = Mutex<[Int]>([])
    func add(_ number: Int) { numbers.withLock { $0.append(number) } }
  }

  @Test(arguments: [1, 2, 8]) func `all that is handed over is done, once`(limit: Int) {
    let (done, group) = (Done(), DispatchGroup())
    do {
      let threads = WorkerThreads(limit: limit)
      for number in 0..<1000 {
        group.enter()
        threads.add {
          done.add(number)
          group.leave()
        }
      }
    }
    group.wait()
    #expect(done.numbers.withLock { $0.sorted() } == Array(0..<1000))
  }

  /// As where the system starts none.
  @Test func `without a thread whoever hands work over does it`() {
    let threads = WorkerThreads(limit: 0)
    let done = Done()
    for number in 0..<10 { threads.add { done.add(number) } }
    #expect(done.numbers.withLock { $0 } == Array(0..<10))
  }

  @Test func `a thread of one's own runs beside this one`() {
    let ran = DispatchSemaphore(value: 0)
    #expect(DetachedThread.start { ran.signal() })
    ran.wait()
  }

  @Test func `what was typed is what the process was started with`() {
    #expect(ProcessArguments.all == CommandLine.arguments)
  }
}
