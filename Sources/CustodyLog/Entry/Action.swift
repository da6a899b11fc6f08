/// What an entry records. The table below is the one place that says who may sign it and which details it must have.
public enum Action: String, CaseIterable, Sendable {
  case vaultCreate = "vault.create"
  case vaultRepair = "vault.repair"
  case memberEnroll = "member.enroll"
  case memberDeny = "member.deny"
  case memberRole = "member.role"
  case memberRemove = "member.remove"
  case memberRekey = "member.rekey"
  case connectorRegister = "connector.register"
  case connectorChange = "connector.change"
  case connectorRotate = "connector.rotate"
  case connectorRekey = "connector.rekey"
  case connectorRevert = "connector.revert"
  case connectorRenew = "connector.renew"
  case connectorShare = "connector.share"
  case connectorUnshare = "connector.unshare"
  case connectorReveal = "connector.reveal"
  case connectorRetire = "connector.retire"
  case connectorSettle = "connector.settle"
  case tokenStore = "token.store"
  case tokenConfirm = "token.confirm"
  case tokenChange = "token.change"
  case tokenRotate = "token.rotate"
  case tokenRekey = "token.rekey"
  case tokenRevert = "token.revert"
  case tokenRenew = "token.renew"
  case tokenShare = "token.share"
  case tokenUnshare = "token.unshare"
  case tokenReveal = "token.reveal"
  case tokenCheck = "token.check"
  case tokenExchange = "token.exchange"
  case tokenRetire = "token.retire"
  case tokenSettle = "token.settle"
  case logExport = "log.export"
  case logVerify = "log.verify"
  case logCosign = "log.cosign"
  case logRecover = "log.recover"
}

/// Who may sign an action, which details it must have, and which it may have.
package struct ActionRule: Sendable {
  package let signers: [Role]
  package let required: DetailKeys
  package let optional: DetailKeys
  let allowed: DetailKeys

  init(_ signers: [Role], _ required: [DetailKey], optional: [DetailKey] = []) {
    (self.signers, self.required, self.optional) = (signers, DetailKeys(required), DetailKeys(optional))
    allowed = DetailKeys(required + optional)
  }
}

extension Action {
  package var rule: ActionRule { Self.rules[self] ?? ActionRule([], []) }

  /// The kind of item it is about, for the actions that are about one.
  public var kind: ItemKind? {
    if rawValue.utf8.starts(with: "connector.".utf8) { return .connector }
    return rawValue.utf8.starts(with: "token.".utf8) ? .token : nil
  }

  /// What makes, changes or removes a member: by it, who they are and their keys are proved.
  public var isAboutMembers: Bool {
    self == .vaultCreate || rule.required.contains(.member)
  }

  private static let everyone: [Role] = [.admin, .developer, .auditor]
  private static let keepers: [Role] = [.admin, .developer]
  private static let person: [DetailKey] = [
    .boxKey, .checkpointKey, .cosignKey, .name, .role, .seedSHA256, .signKey, .wrapsSHA256,
  ]
  private static let epoch: [DetailKey] = [.auditKey, .member, .previousSHA256, .wrapsSHA256]
  /// A value, and the data key that was made for it.
  private static let value: [DetailKey] = [.generation, .item, .revision, .valueSHA256]
  private static let dataKey: [DetailKey] = [.commitment, .envelopesSHA256]
  private static let metadataKey: [DetailKey] = [.metadataCommitment, .metadataEnvelopesSHA256, .metadataGeneration]
  private static let renewal: [DetailKey] = metadataKey + [.previousSHA256]
  private static let details: [DetailKey] = [.metadataSHA256, .sealedMetadataSHA256]
  private static let grant: [DetailKey] = [
    .envelopeSHA256, .generation, .item, .metadataGeneration, .revision, .to,
  ]
  private static let reason: [DetailKey] = [.reasonSHA256, .sealedReasonSHA256]
  private static let destination: [DetailKey] = [.destinationSHA256, .sealedDestinationSHA256]
  private static let expiry: [DetailKey] = [.expirySHA256, .sealedExpirySHA256]
  /// What may be written about an item, under its metadata key.
  private static let noted: [DetailKey] = reason + [.metadataGeneration]

  private static let rules: [Action: ActionRule] = [
    .vaultCreate: ActionRule([.admin], person + [.auditKey]),
    .vaultRepair: ActionRule([.admin], [.count, .restored], optional: [.quarantineSHA256, .wrapsSHA256]),
    .memberEnroll: ActionRule([.admin], person + [.member, .requestSHA256], optional: [.machine]),
    .memberDeny: ActionRule([.admin], [.request, .requestSHA256]),
    .memberRole: ActionRule([.admin], epoch + [.role], optional: [.reason]),
    .memberRemove: ActionRule([.admin], epoch, optional: [.reason]),
    .memberRekey: ActionRule(everyone, [.seedSHA256]),
    .connectorRegister: ActionRule(keepers, value + dataKey + metadataKey + details + [.tag], optional: expiry),
    .connectorChange: ActionRule(keepers, [.item, .metadataGeneration] + details, optional: reason),
    .connectorRotate: ActionRule(keepers, value + dataKey, optional: noted + expiry + [.without]),
    .connectorRekey: ActionRule(keepers, value + dataKey, optional: [.without]),
    .connectorRevert: ActionRule(keepers, value + dataKey, optional: noted + [.without]),
    .connectorRenew: ActionRule(keepers, [.item] + renewal),
    .connectorShare: ActionRule(keepers, grant, optional: reason + [.metadataEnvelopeSHA256, .until]),
    .connectorUnshare: ActionRule(keepers, [.item, .to], optional: renewal + reason),
    .connectorReveal: ActionRule(keepers, [.generation, .how, .item, .revision]),
    .connectorRetire: ActionRule(keepers, [.item], optional: noted),
    .connectorSettle: ActionRule([.admin], [.item, .revision], optional: noted),
    .tokenStore: ActionRule(
      [.admin], value + dataKey + metadataKey + details + destination + [.connector, .tag],
      optional: expiry + [.source]),
    .tokenConfirm: ActionRule([.admin], [.item, .metadataGeneration] + destination, optional: reason),
    .tokenChange: ActionRule([.admin], [.item, .metadataGeneration] + details, optional: reason),
    .tokenRotate: ActionRule([.admin], value + dataKey, optional: noted + expiry + [.source, .without]),
    .tokenRekey: ActionRule(keepers, value + dataKey, optional: [.without]),
    .tokenRevert: ActionRule(keepers, value + dataKey, optional: noted + [.without]),
    .tokenRenew: ActionRule(keepers, [.item] + renewal),
    .tokenShare: ActionRule([.admin], grant, optional: reason + [.metadataEnvelopeSHA256, .until]),
    .tokenUnshare: ActionRule(keepers, [.item, .to], optional: renewal + reason),
    .tokenReveal: ActionRule(keepers, [.generation, .how, .item, .revision]),
    .tokenCheck: ActionRule(keepers, [.generation, .item, .revision]),
    .tokenExchange: ActionRule(keepers, [.generation, .how, .item, .revision], optional: [.source, .valueSHA256]),
    .tokenRetire: ActionRule([.admin], [.item], optional: noted + [.revoked]),
    .tokenSettle: ActionRule([.admin], [.item, .revision], optional: noted),
    .logExport: ActionRule(everyone, [.count, .format, .size], optional: [.filter, .scopeSHA256]),
    .logVerify: ActionRule(everyone, [.size]),
    .logCosign: ActionRule(everyone, [.cosignature, .root, .size]),
    .logRecover: ActionRule([.admin], [.lostRoot, .lostSize, .reason], optional: [.lostEarlier]),
  ]

  /// Details that stand together or not at all.
  static let together: [[DetailKey]] = [
    reason, destination, expiry, details, [.metadataCommitment, .metadataEnvelopesSHA256, .previousSHA256],
  ]

  /// Details that name text sealed under the item's metadata key, whose generation must then be named too.
  static let underMetadataKey: [DetailKey] = [
    .sealedReasonSHA256, .sealedDestinationSHA256, .sealedExpirySHA256, .sealedMetadataSHA256,
  ]
}
