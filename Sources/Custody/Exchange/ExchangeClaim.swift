internal import CustodyCrypto
internal import CustodyLog
internal import CustodyStore

/// The exclusive right to exchange one token.
package struct ExchangeClaim: ~Copyable {
  package let name: String
  package let fence: UInt64
  /// Revision of the refresh token to be sent. A new refresh token replaces this revision.
  package let revision: UInt64
  package let journal: ExchangeJournal
  let owner: [UInt8]
  let item: Item
  /// The token's data key, to seal a new refresh token when the vault can no longer be asked.
  let dataKey: DataKey
  /// The connector that authenticates the request.
  let connector: Item
  let connectorKey: DataKey
  /// Start of the claim, not later than when other processes could see it.
  package let begun: ContinuousClock.Instant
}
