internal import CustodyCrypto
internal import CustodyLog
internal import CustodySystem
internal import CustodyStore

/// What the provider's preset and the caller ask of an exchange, before anything leaves.
package protocol ExchangeRules {
  /// Whether a kept access token will do.
  func accepts(_ kept: KeptAccessToken.Facts, of subject: ExchangeSubject) throws(VaultError) -> Bool
  /// Throws where asking can't work, or, after what is known of the exchange before, might do harm or is of no use.
  func check(_ before: ExchangeJournal?, of subject: ExchangeSubject) throws(VaultError)
  /// Whether the caller asks in spite of what is known.
  var asksAgain: Bool { get }
}
