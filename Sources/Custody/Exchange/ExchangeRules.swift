internal import CustodyCrypto
internal import CustodyLog
internal import CustodySystem
internal import CustodyStore

/// The conditions of the provider's preset and of the caller, checked before anything is sent.
package protocol ExchangeRules {
  /// Returns true if a kept access token can be handed out.
  func accepts(_ kept: KeptAccessToken.Facts, of subject: ExchangeSubject) throws(VaultError) -> Bool
  /// Throws if the request can't work, or if, after the previous exchange, it is useless or might do harm.
  func check(_ before: ExchangeJournal?, of subject: ExchangeSubject) throws(VaultError)
  /// True if the caller contacts the provider even if the last attempt was refused or its outcome is unknown.
  var asksAgain: Bool { get }
}
