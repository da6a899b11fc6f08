extension HistoryFault {
  package var text: String { "log entry \(position) breaks a rule: \(rule.words)" }
}

extension HistoryFault.Rule {
  /// The fault in words, about the entry at the position.
  package var words: String {
    switch self {
    case .grammar(.unknownVersion): "it is of a version that this program cannot attest"
    case .grammar(let error): "it cannot be read: \(error.words)"
    case .notTheFirst: "it does not found the vault, and stands first, or founds it and does not"
    case .wrongOrigin: "it is of another log"
    case .unknownActor: "its author is not a member"
    case .roleMayNot(let role, let action): "\(role.indefinite) may not sign \(action.rawValue)"
    case .machineMayNot(let action):
      "its author is a machine that may only exchange, and may not sign \(action.rawValue)"
    case .machineAsAdmin: "it would make a machine an admin"
    case .badSignature: "its signature does not hold"
    case .invalidKey: "it names a key that is not usable"
    case .sequence(let expected): "its author's counter should be \(expected)"
    case .seenUnknown: "its author had seen something else than the log's newest checkpoint"
    case .memberTwice: "its member is enrolled already"
    case .nameTwice: "its name is another member's"
    case .keyTwice: "its keys are another member's"
    case .removedActor: "its author is not a member any more"
    case .unknownMember: "whom it is about is not a member"
    case .lastAdmin: "it would leave no admin"
    case .roleUnchanged: "whom it is about has that role already"
    case .itemTwice: "its item is there already"
    case .unknownItem: "its item is unknown"
    case .wrongKind: "its item is of the other kind"
    case .retired: "its item is retired"
    case .wrongRevision: "its revision is not the one that follows"
    case .wrongGeneration: "its generation is not the one that follows"
    case .wrongMetadataKey: "its metadata key is not the one that follows, or not the newest"
    case .staleMetadataKey: "it is written under a metadata key that somebody has who may not read it"
    case .renewalNotDue: "it replaces a metadata key that nobody lost the right to, and its author is no admin"
    case .mayNotLeaveOut: "it leaves somebody out whom its author may not leave out"
    case .notTheRegistrar: "its author is neither an admin nor who registered the connector"
    case .nothingEarlier: "there is no value before the newest"
    case .revertsAnAdmin: "an admin brought the newest value, and its author is no admin"
    case .signedByAnother: "it names another author than who signed it"
    case .outlastsGrant: "its author's own grant ends sooner"
    case .tokensInUse: "tokens of its connector are in use"
    case .unknownConnector: "its connector is unknown or retired"
    case .unknownRecipient: "its recipient is not a member"
    case .auditorAsRecipient: "its recipient is an auditor"
    case .notAHolder: "its author did not hold the item"
    case .notAGrantee: "whose grant it takes back had none"
    case .checkpointRoot: "the checkpoint there names another root"
    case .checkpointSigner: "the checkpoint there is not signed by whose transaction it ends"
    case .checkpointSignature: "the signature of the checkpoint there does not hold"
    case .otherGenesis: "the log begins with another entry than the one that was given"
    case .notIncluded: "its proof does not lead to the checkpoint's root"
    case .storedHash: "the hash of it in the log's tree is another"
    case .standsBeside: "what stands beside it is not what it says"
    case .outOfOrder: "it does not stand where its index says"
    case .notDisclosed: "what is disclosed of it has another hash"
    case .outsideScope: "it stands as what the exporter's signed scope does not make it"
    case .missing: "it is missing"
    case .doesNotOpen: "it does not open under the vault key of its epoch"
    case .uncovered: "no checkpoint covers it"
    case .truncated: "the log ends before its newest checkpoint"
    }
  }
}

extension EntryError {
  /// The fault in words. They are part of evidence, so they are fixed.
  package var words: String {
    switch self {
    case .tooLong: "it is too long"
    case .unknownVersion: "its version is unknown"
    case .unknownAction: "its action is unknown"
    case .malformedNote: "it is no signed note with one signature"
    case .malformedLine(let line): "its line \(line) is malformed"
    case .missing(let key): "\(key.rawValue) is missing"
    case .notAllowed(let key): "\(key.rawValue) is not allowed"
    case .unknownDetail: "one of its details is unknown"
    case .outOfOrder(let key): "\(key.rawValue) is out of order"
    case .malformed(let key): "\(key.rawValue) is malformed"
    }
  }
}
