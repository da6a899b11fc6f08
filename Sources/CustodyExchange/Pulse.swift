internal import CustodyMemory

/// Tells others, now and then while something takes its time, that it is still under way.
package final class Pulse {
  private let interval: Duration
  private let tell: () -> Void
  private var last = ContinuousClock.now

  package init(every interval: Duration, _ tell: @escaping () -> Void) { (self.interval, self.tell) = (interval, tell) }

  /// May be called far more often than there is something to tell.
  package func beat() {
    guard ContinuousClock.now - last >= interval else { return }
    tell()
    last = ContinuousClock.now
  }

  /// Waits without falling silent.
  package func sleep(_ duration: Duration) {
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end {
      Wait.sleep(min(.milliseconds(200), end - ContinuousClock.now))
      beat()
    }
  }
}
