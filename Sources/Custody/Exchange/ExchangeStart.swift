internal import CustodyLog
internal import CustodySystem

package enum ExchangeStart: ~Copyable {
  /// An access token that was kept, its handing out on record.
  case kept(KeptAccessToken)
  case held(ExchangeHold)
  case claimed(ExchangeClaim, ExchangeMaterials)
}
