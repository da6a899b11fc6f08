internal import CustodyCrypto
internal import CustodyLog
internal import CustodyStore

/// The right to exchange one token, which nobody else has at the same time.
package struct ExchangeClaim: ~Copyable {
  package let name: String
  package let fence: UInt64
  /// The revision that is sent: what comes back replaces this one or none.
  package let revision: UInt64
  package let journal: ExchangeJournal
  let owner: [UInt8]
  let item: Item
  /// To save a new refresh token when the vault can't be asked any more.
  let dataKey: DataKey
  /// With which it asks.
  let connector: Item
  let connectorKey: DataKey
  /// Not later than when the others could see it.
  package let begun: ContinuousClock.Instant
}
