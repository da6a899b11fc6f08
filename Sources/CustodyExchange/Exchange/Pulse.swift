package import Custody
internal import CustodySystem
internal import CustodyValues

/// Tells other processes at intervals that a slow exchange is still under way.
package final class Pulse {
  /// Pause between two attempts where the vault was busy.
  private static let pause: Duration = .milliseconds(200)

  private let tell: () -> Heartbeat
  private var told: ContinuousClock.Instant
  private var tried: ContinuousClock.Instant
  /// True once another process may have taken over.
  private(set) var isBroken = false

  /// A pulse whose last beat was at `begun`; `tell` writes a beat to the vault.
  package init(since begun: ContinuousClock.Instant, _ tell: @escaping () -> Heartbeat) {
    (self.tell, told, tried) = (tell, begun, begun)
  }

  /// Beats if it is time to. It may be called at any rate.
  func beat() {
    let now = ContinuousClock.now
    if now - told >= ExchangeQueue.beat, now - tried >= Self.pause { _ = telling() }
  }

  private func telling() -> Heartbeat {
    // The time before the write, not after: the others count from when it was written.
    let now = ContinuousClock.now
    let outcome = tell()
    tried = ContinuousClock.now
    if outcome == .told { told = now }
    return outcome
  }

  /// True if nobody can have taken over. A process that stood still for long (stopped, or on a sleeping machine) checks
  /// with the vault first.
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

  /// Waits and keeps beating.
  func sleep(_ duration: Duration) {
    let end = ContinuousClock.now + duration
    while ContinuousClock.now < end {
      Wait.sleep(min(Self.pause, end - ContinuousClock.now))
      beat()
    }
  }
}
