internal import Custody
internal import CustodySystem
internal import CustodyValues

/// Waiting for another process that exchanges the same token. Its life is told by its beat, not by a clock: clocks differ.
struct ExchangeQueue {
  /// How often who holds a token shows that they live, and after how long without it they are taken for dead.
  static let beat: Duration = .seconds(2)
  static let silence: Duration = .seconds(10)
  private static let longestPause = 100

  let patience: Duration
  private let start = ContinuousClock.now
  private var pause = 5

  init(patience: Duration) { self.patience = patience }

  /// Where many write at once SQLite gives up on one of them by and by: that one comes again.
  func waits(after error: VaultError) -> Bool { error.code == .busy && ContinuousClock.now - start < patience }

  /// Returns when it is worth asking again: with the hold, where it stood still for so long that it is dead.
  mutating func wait(
    for hold: ExchangeHold, _ token: String, _ look: () throws(VaultError) -> ExchangeHold?
  ) throws(VaultError) -> ExchangeHold? {
    let seen = ContinuousClock.now
    while true {
      if ContinuousClock.now - seen >= Self.silence { return hold }
      guard ContinuousClock.now - start < patience else {
        throw VaultError(
          .busy, "cannot exchange \"\(token)\": another process has been at it for \(patience.components.seconds) s",
          subject: token, hint: "run the command again")
      }
      Wait.sleep(.milliseconds(pause + Int.random(in: 0...pause)))
      pause = min(pause * 2, Self.longestPause)
      if try look() != hold || hold.isGone { return nil }
    }
  }
}
