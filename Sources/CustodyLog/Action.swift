/// What an entry records. The table below is the one place that says who may sign it and which details it must have.
public enum Action: String, CaseIterable, Sendable {
  case vaultCreate = "vault.create"
  case memberEnroll = "member.enroll"
  case memberDeny = "member.deny"
  case memberRole = "member.role"
  case memberRemove = "member.remove"
  case memberRekey = "member.rekey"
  case connectorRegister = "connector.register"
  case connectorRotate = "connector.rotate"
  case connectorRekey = "connector.rekey"
  case connectorShare = "connector.share"
  case connectorUnshare = "connector.unshare"
  case connectorReveal = "connector.reveal"
  case connectorRetire = "connector.retire"
  case tokenStore = "token.store"
  case tokenRotate = "token.rotate"
  case tokenRekey = "token.rekey"
  case tokenShare = "token.share"
  case tokenUnshare = "token.unshare"
  case tokenReveal = "token.reveal"
  case tokenCheck = "token.check"
  case tokenExchange = "token.exchange"
  case tokenRetire = "token.retire"
  case logExport = "log.export"
  case logVerify = "log.verify"
  case logCosign = "log.cosign"
  case logRecover = "log.recover"
}

/// Who may sign an action, which details it must have, and which it may have.
public struct ActionRule: Sendable {
  public let signers: [Role]
  public let required: [DetailKey]
  public let optional: [DetailKey]

  init(_ signers: [Role], _ required: [DetailKey], optional: [DetailKey] = []) {
    (self.signers, self.required, self.optional) = (signers, required, optional)
  }
}

extension Action {
  public var rule: ActionRule { Self.rules[self] ?? ActionRule([], []) }

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
  private static let value: [DetailKey] = [
    .generation, .item, .metadataSHA256, .revision, .sealedMetadataSHA256, .valueSHA256,
  ]
  private static let newKey: [DetailKey] = value + [.commitment, .envelopesSHA256]
  private static let grant: [DetailKey] = [.envelopeSHA256, .generation, .item, .revision, .to]
  private static let reason: [DetailKey] = [.noteSHA256, .reasonSHA256]

  private static let rules: [Action: ActionRule] = [
    .vaultCreate: ActionRule([.admin], person + [.auditKey]),
    .memberEnroll: ActionRule([.admin], person + [.member, .requestSHA256], optional: [.machine]),
    .memberDeny: ActionRule([.admin], [.request, .requestSHA256]),
    .memberRole: ActionRule([.admin], epoch + [.role], optional: [.reason]),
    .memberRemove: ActionRule([.admin], epoch, optional: [.reason]),
    .memberRekey: ActionRule(everyone, [.seedSHA256]),
    .connectorRegister: ActionRule(keepers, newKey + [.tag]),
    .connectorRotate: ActionRule(keepers, value, optional: reason),
    .connectorRekey: ActionRule(keepers, newKey + [.previousSHA256]),
    .connectorShare: ActionRule(keepers, grant, optional: reason + [.until]),
    .connectorUnshare: ActionRule(keepers, [.item, .to], optional: reason),
    .connectorReveal: ActionRule(keepers, [.generation, .how, .item, .revision]),
    .connectorRetire: ActionRule(keepers, [.item], optional: reason),
    .tokenStore: ActionRule([.admin], newKey + [.connector, .tag], optional: [.source]),
    .tokenRotate: ActionRule([.admin], value, optional: reason + [.source]),
    .tokenRekey: ActionRule(keepers, newKey + [.previousSHA256]),
    .tokenShare: ActionRule([.admin], grant, optional: reason + [.until]),
    .tokenUnshare: ActionRule([.admin], [.item, .to], optional: reason),
    .tokenReveal: ActionRule(keepers, [.generation, .how, .item, .revision]),
    .tokenCheck: ActionRule(keepers, [.generation, .item, .revision]),
    .tokenExchange: ActionRule(
      keepers, [.generation, .how, .item, .revision],
      optional: [.metadataSHA256, .sealedMetadataSHA256, .source, .valueSHA256]),
    .tokenRetire: ActionRule([.admin], [.item], optional: reason + [.revoked]),
    .logExport: ActionRule(everyone, [.count, .format, .size], optional: [.filter]),
    .logVerify: ActionRule(everyone, [.size]),
    .logCosign: ActionRule(everyone, [.cosignatureSHA256, .root, .size]),
    .logRecover: ActionRule([.admin], [.lostRoot, .lostSize, .reason], optional: [.lostEarlier]),
  ]

  /// Details that stand together or not at all.
  static let together: [[DetailKey]] = [
    reason, [.metadataSHA256, .sealedMetadataSHA256, .valueSHA256],
  ]
}
