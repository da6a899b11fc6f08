/// The operation that a log entry records. The raw value is the word in the entry.
///
/// The table `rules` below is the one place that says which roles may sign an action and which details it takes.
public enum Action: String, CaseIterable, Sendable {
  /// The vault was founded: always the first entry, and never a later one.
  case vaultCreate = "vault.create"
  /// An admin repaired a damaged vault file.
  case vaultRepair = "vault.repair"
  /// An admin admitted a member by their request.
  case memberEnroll = "member.enroll"
  /// An admin denied a request to join.
  case memberDeny = "member.deny"
  /// An admin changed a member's role. Begins an epoch.
  case memberRole = "member.role"
  /// An admin removed a member. Begins an epoch.
  case memberRemove = "member.remove"
  /// A member sealed their seed under a new passphrase or key file; their keys stay.
  case memberRekey = "member.rekey"
  /// A connector was registered with its first value.
  case connectorRegister = "connector.register"
  /// A connector's details changed; its value did not.
  case connectorChange = "connector.change"
  /// A connector got a new value under a new data key.
  case connectorRotate = "connector.rotate"
  /// A connector's value was sealed under a new data key.
  case connectorRekey = "connector.rekey"
  /// A connector's value before the newest was brought back, under a new data key.
  case connectorRevert = "connector.revert"
  /// A connector got a new metadata key.
  case connectorRenew = "connector.renew"
  /// A member was granted a connector.
  case connectorShare = "connector.share"
  /// A member's grant of a connector was taken back.
  case connectorUnshare = "connector.unshare"
  /// A member decrypted a connector's value.
  case connectorReveal = "connector.reveal"
  /// A connector was retired; its record stays.
  case connectorRetire = "connector.retire"
  /// An admin declared a value, replaced by somebody who could not open it, worthless at its provider.
  case connectorSettle = "connector.settle"
  /// A token was stored with its first value.
  case tokenStore = "token.store"
  /// An admin confirmed a token's destination as it was shown to them.
  case tokenConfirm = "token.confirm"
  /// A token's details changed; its value did not.
  case tokenChange = "token.change"
  /// A token got a new value under a new data key.
  case tokenRotate = "token.rotate"
  /// A token's value was sealed under a new data key.
  case tokenRekey = "token.rekey"
  /// A token's value before the newest was brought back, under a new data key.
  case tokenRevert = "token.revert"
  /// A token got a new metadata key.
  case tokenRenew = "token.renew"
  /// A member was granted a token.
  case tokenShare = "token.share"
  /// A member's grant of a token was taken back.
  case tokenUnshare = "token.unshare"
  /// A member decrypted a token's value.
  case tokenReveal = "token.reveal"
  /// A token was decrypted to examine it inside the process.
  case tokenCheck = "token.check"
  /// A token was exchanged for an access token, or a kept access token was used.
  case tokenExchange = "token.exchange"
  /// A token was retired; its record stays.
  case tokenRetire = "token.retire"
  /// An admin declared a value, replaced by somebody who could not open it, worthless at its provider.
  case tokenSettle = "token.settle"
  /// Entries of the log were exported.
  case logExport = "log.export"
  /// The whole log was verified.
  case logVerify = "log.verify"
  /// A member cosigned a checkpoint.
  case logCosign = "log.cosign"
  /// An admin accepted this log in place of a newer state that was lost.
  case logRecover = "log.recover"
}

/// The roles that may sign an action, and the details that it must or may have.
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

  /// The kind of item that the action is about. Nil for actions on members, the vault or the log.
  public var kind: ItemKind? {
    if rawValue.utf8.starts(with: "connector.".utf8) { return .connector }
    return rawValue.utf8.starts(with: "token.".utf8) ? .token : nil
  }

  /// True for actions that name a member: founding, enrolment, change of role and removal. Their entries prove who a
  /// member is and which keys they have.
  public var isAboutMembers: Bool {
    self == .vaultCreate || rule.required.contains(.member)
  }

  private static let everyone: [Role] = [.admin, .developer, .auditor]
  private static let keepers: [Role] = [.admin, .developer]
  private static let person: [DetailKey] = [
    .boxKey, .checkpointKey, .cosignKey, .name, .role, .seedSHA256, .signKey, .wrapsSHA256,
  ]
  private static let epoch: [DetailKey] = [.auditKey, .member, .previousSHA256, .wrapsSHA256]
  /// A value, and the generation of the data key that it is sealed under.
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
  /// A reason sealed under the item's metadata key.
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

  /// Groups of details: an entry has all of a group or none of it.
  static let together: [[DetailKey]] = [
    reason, destination, expiry, details, [.metadataCommitment, .metadataEnvelopesSHA256, .previousSHA256],
  ]

  /// Details that hash text sealed under the item's metadata key. An entry with one of them must name that key's
  /// generation.
  static let underMetadataKey: [DetailKey] = [
    .sealedReasonSHA256, .sealedDestinationSHA256, .sealedExpirySHA256, .sealedMetadataSHA256,
  ]
}
