import CustodySystem
import CustodyValues
import Foundation
import Testing

@Suite(.serialized) struct HeldSignalsTests {
  @Test func `a signal waits until it is released`() {
    // Threads of a pool block signals from the start.
    var hangup = sigset_t()
    sigemptyset(&hangup)
    sigaddset(&hangup, SIGHUP)
    pthread_sigmask(SIG_UNBLOCK, &hangup, nil)
    signal(SIGHUP) { _ in HeldSignalsTests.count += 1 }
    defer { signal(SIGHUP, SIG_DFL) }
    let held = HeldSignals()
    pthread_kill(pthread_self(), SIGHUP)
    usleep(20_000)
    #expect(Self.count == 0)
    held.release()
    #expect(Self.count == 1)
    held.release()
    pthread_kill(pthread_self(), SIGHUP)
    #expect(Self.count == 2)
  }

  nonisolated(unsafe) static var count = 0
}
