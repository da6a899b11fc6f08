internal import CustodyLog
internal import CustodySystem

/// The result of beginning an exchange.
package enum ExchangeStart: ~Copyable {
  /// A kept access token. Handing it out is recorded.
  case kept(KeptAccessToken)
  /// Another process is exchanging the token.
  case held(ExchangeHold)
  /// This process may exchange the token.
  case claimed(ExchangeClaim, ExchangeMaterials)
}
