internal import CustodyCrypto
package import CustodyLog
internal import CustodySecrets
internal import CustodySystem
internal import CustodyValues
internal import CustodyStore

/// The caller's terms for an exchange.
package struct ExchangeTerms: Sendable {
  package var how: Leaving
  /// A claim whose beat has stood still so long that it is taken over.
  package var stalled: ExchangeHold?

  package init(how: Leaving) { self.how = how }

  /// Makes the owner of a claim: the process (36 bytes), and 8 random bytes for this exchange.
  static func newOwner() -> [UInt8] {
    (RunningProcess.current?.bytes ?? [UInt8](repeating: 0, count: 36)) + Sodium.randomBytes(8)
  }
}
