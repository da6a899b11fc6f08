import CustodyEvidence
import CustodyLog

extension NextStep {
  /// The step as it stands in a sentence: a command in quotes, an option without.
  var quoted: String {
    switch self {
    case .give, .use, .leaveOut: command
    default: "\"\(command)\""
    }
  }

  /// The step as a command line. A name that is not valid becomes `NAME`: a member with a modified client could have
  /// chosen one that a shell would run.
  var command: String {
    switch self {
    case .found: "custody init --name NAME"
    case .join: "custody join --name NAME --role ROLE"
    case .joinAsMachine: "custody join --machine"
    case .makeKeyFile: "custody identity key-file"
    case .unlock: "custody unlock"
    case .lockAll: "custody lock --all"
    case .seeStatus: "custody status"
    case .listMembers: "custody member list"
    case .approveMember: "custody member approve"
    case .changeRole(let name, let role): "custody member role \(Self.word(name)) \(role.rawValue)"
    case .list(let kind): "custody \(kind.rawValue) list"
    case .show(let kind, let name): "custody \(kind.rawValue) show \(Self.word(name))"
    case .rotate(let kind, let name): "custody \(kind.rawValue) rotate \(Self.word(name))"
    case .revert(let kind, let name): "custody \(kind.rawValue) revert \(Self.word(name))"
    case .share(let kind, nil, nil): "custody \(kind.rawValue) share"
    case .share(let kind, let name, let member):
      "custody \(kind.rawValue) share \(Self.word(name)) --with \(Self.word(member))"
    case .settle(let kind, let name, let revision):
      "custody \(kind.rawValue) settle \(Self.word(name)) --revision \(revision)"
    case .retire(let kind, let name): "custody \(kind.rawValue) retire \(Self.word(name))"
    case .confirm(let token): "custody token confirm \(Self.word(token))"
    case .exchange: "custody token exchange"
    case .keepAlive(let token): "custody token keepalive \(Self.word(token))"
    case .listExposures: "custody exposure"
    case .changeScope(let connector): "custody connector change \(Self.word(connector)) --scope …"
    case .renewPreset: "custody connector change NAME --renew-preset"
    case .listProviders: "custody provider list"
    case .addProvider: "custody provider add FILE"
    case .showLog: "custody log show"
    case .verifyLog: "custody log verify"
    case .planRecovery: "custody log recover"
    case .recover: "custody log recover --reason …"
    case .recoverCovering: "custody log recover --covers FILE --reason …"
    case .recordLastSeen: "custody log checkpoint --pinned --output FILE"
    case .proveGrowth(let size): "custody log checkpoint --from \(size)"
    case .exportBundle: "custody log export --format bundle --output PATH"
    case .exportLog: "custody log export"
    case .verifyBundle(let checkpoint):
      "custody log verify --bundle BUNDLE --checkpoint \(ShellWord.quoted(checkpoint))"
    case .verifyVault(let path): "custody log verify --vault \(ShellWord.quoted(path))"
    case .repair: "custody repair"
    case .repairFromCopy: "custody repair --from COPY"
    case .repairCutting: "custody repair --cut --reason …"
    case .give(let choice): choice.value.map { "\(choice.option) \($0)" } ?? choice.option
    case .use(let choice), .leaveOut(let choice): choice.option
    }
  }

  private static func word(_ name: String?) -> String {
    guard let name else { return "NAME" }
    let isName = name.utf8.split(separator: 0x2f, omittingEmptySubsequences: false).allSatisfy { Name.isValid($0) }
    return isName ? name : "NAME"
  }
}
