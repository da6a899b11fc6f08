import CustodySystem
import Glibc
import Testing

struct BlockingWorkTests {
  private struct Refused: Error, Equatable {}
  private struct Owned: ~Copyable { let number: Int }

  @Test func `work that blocks runs on a thread of its own, and its result comes back`() async {
    let main = pthread_self()
    let owned = await BlockingWork.run { Owned(number: pthread_equal(main, pthread_self()) == 0 ? 1 : 0) }
    #expect(owned.number == 1)
  }

  @Test func `an error that work throws comes out with its type`() async {
    await #expect(throws: Refused()) {
      try await BlockingWork.run { () throws(Refused) -> Int in throw Refused() }
    }
  }

  @Test func `work goes on to its end where the caller's task is cancelled`() async {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await BlockingWork.run { 7 }
    }
    #expect(await task.value == 7)
  }
}
