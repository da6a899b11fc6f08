internal import Custody
internal import CustodySystem
internal import CustodyValues

/// Waits for another process that is exchanging the same token. Its beat shows that it is alive, not a timestamp:
/// clocks differ.
struct ExchangeQueue {
  /// Interval at which the holder of a token shows that it is alive.
  static let beat: Duration = .seconds(2)
  /// Time without a beat after which the holder is taken for dead.
  static let silence: Duration = .seconds(10)
  /// Longest pause between two looks, in milliseconds (up to twice that with jitter).
  private static let longestPause = 100

  let patience: Duration
  private let start = ContinuousClock.now
  private var pause = 5

  init(patience: Duration) { self.patience = patience }

  /// True if the error is worth another attempt: with many writers SQLite gives up on one of them now and then.
  func waits(after error: VaultError) -> Bool { error.code == .busy && ContinuousClock.now - start < patience }

  /// Waits until it is worth asking again. Returns the hold if its holder went silent and is taken for dead; nil if it
  /// let go.
  ///
  /// - Throws: `busy` when `patience` is over.
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
