public import CustodyLog

/// One thing that a person can do about a failure. Names are those of the vault, as they stand in it: a program that makes
/// a command of one must not let a shell read it.
public enum NextStep: Hashable, Sendable {
  // The vault and whoever opens it.
  /// Make a new vault.
  case found
  /// Ask to become a member of the vault.
  case join
  /// Ask to become a member that is a machine, with a key file.
  case joinAsMachine
  /// Make another key file for oneself.
  case makeKeyFile
  /// Have an agent hold one's keys for a while.
  case unlock
  /// Have the agent forget all keys that it holds.
  case lockAll
  /// Look at the vault, at oneself in it, and at the agent.
  case seeStatus

  // Members.
  case listMembers
  /// Let someone in who asked to join, after the fingerprints were compared.
  case approveMember
  /// Give a member, or one yet to be chosen, another role.
  case changeRole(of: String?, to: Role)

  // Tokens and connectors.
  case list(ItemKind)
  case show(ItemKind, String)
  /// Store a new value.
  case rotate(ItemKind, String)
  /// Bring back the value before the newest.
  case revert(ItemKind, String)
  /// Share an item with a member; either may be yet to be chosen.
  case share(ItemKind, String?, with: String?)
  /// Say that a replaced value is worthless at the provider.
  case settle(ItemKind, String, revision: UInt64)
  case retire(ItemKind, String)
  /// Confirm where a token's secrets go.
  case confirm(token: String)
  /// Trade a refresh token for an access token.
  case exchange
  /// Exchange a token so that its provider does not let it lapse.
  case keepAlive(token: String)
  /// See who could open what.
  case listExposures
  /// Ask the provider for other rights.
  case changeScope(connector: String)
  /// Take the preset of this version for a connector that has an older one.
  case renewPreset
  case listProviders
  /// Add a preset of one's own.
  case addProvider

  // The log.
  case showLog
  case verifyLog
  /// Show what a recovery would do.
  case planRecovery
  /// Go on from this vault, although this machine has seen a newer one.
  case recover
  /// The same, and take over what another machine has written down of the newer one.
  case recoverCovering
  /// Write down the newest state of the log that this machine has seen.
  case recordLastSeen
  /// Have a checkpoint with a proof that the log of this many entries is its beginning.
  case proveGrowth(from: UInt64)
  case exportBundle
  case exportLog
  /// Hold a bundle against this checkpoint.
  case verifyBundle(checkpoint: String)
  /// Verify this vault.
  case verifyVault(String)

  // Repair.
  case repair
  /// Repair with rows out of an older copy of the vault.
  case repairFromCopy
  /// Repair and go on without what is lost.
  case repairCutting

  // What was asked for, said in another way.
  /// Say this as well, with its value.
  case give(Choice)
  /// Look at this, or say another.
  case use(Choice)
  /// Don't say this.
  case leaveOut(Choice)
}

extension NextStep: CustomStringConvertible {
  public var description: String {
    switch self {
    case .found: "make a vault"
    case .join: "ask to join"
    case .joinAsMachine: "ask to join as a machine"
    case .makeKeyFile: "make a key file"
    case .unlock: "unlock"
    case .lockAll: "lock all"
    case .seeStatus: "status"
    case .listMembers: "list members"
    case .approveMember: "approve a member"
    case .changeRole(let name, let role): "make \(name ?? "a member") \(role.rawValue)"
    case .list(let kind): "list \(kind.rawValue)s"
    case .show(let kind, let name): "show \(kind.rawValue) \(name)"
    case .rotate(let kind, let name): "rotate \(kind.rawValue) \(name)"
    case .revert(let kind, let name): "revert \(kind.rawValue) \(name)"
    case .share(let kind, let name, let member):
      "share \(kind.rawValue)\(name.map { " \($0)" } ?? "")\(member.map { " with \($0)" } ?? "")"
    case .settle(let kind, let name, let revision): "settle \(kind.rawValue) \(name), revision \(revision)"
    case .retire(let kind, let name): "retire \(kind.rawValue) \(name)"
    case .confirm(let name): "confirm where token \(name) goes"
    case .exchange: "exchange a token"
    case .keepAlive(let name): "exchange token \(name)"
    case .listExposures: "list exposures"
    case .changeScope(let connector): "change the scope of connector \(connector)"
    case .renewPreset: "renew the connector's preset"
    case .listProviders: "list providers"
    case .addProvider: "add a provider"
    case .showLog: "show the log"
    case .verifyLog: "verify the log"
    case .planRecovery: "plan a recovery"
    case .recover: "recover"
    case .recoverCovering: "recover, covering a checkpoint"
    case .recordLastSeen: "write down the last state seen here"
    case .proveGrowth(let size): "checkpoint with a proof from \(size)"
    case .exportBundle: "export a bundle"
    case .exportLog: "export the log"
    case .verifyBundle(let path): "verify a bundle with checkpoint \(path)"
    case .verifyVault(let path): "verify vault \(path)"
    case .repair: "repair"
    case .repairFromCopy: "repair from a copy"
    case .repairCutting: "repair, going on without what is lost"
    case .give(let choice), .use(let choice), .leaveOut(let choice): choice.description
    }
  }
}
