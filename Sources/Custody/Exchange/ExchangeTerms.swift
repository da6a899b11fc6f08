internal import CustodyCrypto
package import CustodyLog
internal import CustodySecrets
internal import CustodySystem
internal import CustodyValues
internal import CustodyStore

package struct ExchangeTerms: Sendable {
  package var how: Leaving
  /// One whose beat has stood still for so long that it is taken over.
  package var stalled: ExchangeHold?

  package init(how: Leaving) { self.how = how }

  /// The process, and which of its exchanges.
  static func newOwner() -> [UInt8] {
    (RunningProcess.current?.bytes ?? [UInt8](repeating: 0, count: 36)) + Sodium.randomBytes(8)
  }
}
