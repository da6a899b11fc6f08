package import Custody
internal import CustodySystem
internal import CustodyValues

/// Tells others, now and then while something takes its time, that it is still under way.
package final class Pulse {
  /// How often there is something to tell, and how often it is tried where the vault was busy.
  private static let pause: Duration = .milliseconds(200)

  private let tell: () -> Heartbeat
  private var told: ContinuousClock.Instant
  private var tried: ContinuousClock.Instant
  /// It was found that another process may be at it by now.
  private(set) var isBroken = false

  package init(since begun: ContinuousClock.Instant, _ tell: @escaping () -> Heartbeat) {
    (self.tell, told, tried) = (tell, begun, begun)
  }

  /// May be called far more often than there is something to tell.
  func beat() {
    let now = ContinuousClock.now
    if now - told >= ExchangeQueue.beat, now - tried >= Self.pause { _ = telling() }
  }

  private func telling() -> Heartbeat {
    // Before, not after: what counts for the others is when it was written.
    let now = ContinuousClock.now
    let outcome = tell()
    tried = ContinuousClock.now
    if outcome == .told { told = now }
    return outcome
  }

  /// Whether nobody can have taken this over: who stood still for long (a stopped process, a sleeping machine) asks first.
  func isUnbroken() -> Bool {
    isBroken = !isHeard()
    return !isBroken
  }

  private func isHeard() -> Bool {
    for _ in 0..<25 {
      if ContinuousClock.now - told < ExchangeQueue.silence / 2 { return true }
      switch telling() {
      case .told: continue
      case .takenOver: return false
      case .busy: Wait.sleep(Self.pause)
      }
    }
    return false
  }

  /// Waits without falling silent.
  func sleep(_ duration: Duration) {
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end {
      Wait.sleep(min(Self.pause, end - ContinuousClock.now))
      beat()
    }
  }
}
