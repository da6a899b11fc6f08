/// An operation that exists for connectors and for tokens alike.
package enum ItemVerb: CaseIterable, Sendable {
  case add, change, rotate, rekey, revert, renew, share, unshare, reveal, retire, settle
}

extension Action {
  /// The action of this verb for this kind of item.
  package init(_ verb: ItemVerb, _ kind: ItemKind) {
    let (connector, token): (Action, Action) =
      switch verb {
      case .add: (.connectorRegister, .tokenStore)
      case .change: (.connectorChange, .tokenChange)
      case .rotate: (.connectorRotate, .tokenRotate)
      case .rekey: (.connectorRekey, .tokenRekey)
      case .revert: (.connectorRevert, .tokenRevert)
      case .renew: (.connectorRenew, .tokenRenew)
      case .share: (.connectorShare, .tokenShare)
      case .unshare: (.connectorUnshare, .tokenUnshare)
      case .reveal: (.connectorReveal, .tokenReveal)
      case .retire: (.connectorRetire, .tokenRetire)
      case .settle: (.connectorSettle, .tokenSettle)
      }
    self = kind == .connector ? connector : token
  }
}
