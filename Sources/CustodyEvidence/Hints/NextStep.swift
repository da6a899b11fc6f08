public import CustodyLog

/// A step that a person can take after a failure.
///
/// Names in it are unchecked names from the vault. A program that makes a command of a step must keep a shell from
/// interpreting them.
public enum NextStep: Hashable, Sendable {
  // The vault, and access to it.
  /// Make a new vault.
  case found
  /// Ask to become a member of the vault.
  case join
  /// Ask to become a member as a machine, with a key file.
  case joinAsMachine
  /// Make another key file for oneself.
  case makeKeyFile
  /// Let an agent hold one's keys for a while.
  case unlock
  /// Make the agent forget all keys that it holds.
  case lockAll
  /// Show the state of the vault, of oneself in it, and of the agent.
  case seeStatus

  // Members.
  /// List the members.
  case listMembers
  /// Admit somebody who asked to join, after comparing fingerprints.
  case approveMember
  /// Change a member's role. `of` is nil if the member is yet to be chosen.
  case changeRole(of: String?, to: Role)

  // Tokens and connectors.
  /// List the tokens or the connectors.
  case list(ItemKind)
  /// Show an item's details.
  case show(ItemKind, String)
  /// Give an item a new value.
  case rotate(ItemKind, String)
  /// Bring back an item's value before the newest.
  case revert(ItemKind, String)
  /// Share an item with a member. A name is nil if it is yet to be chosen.
  case share(ItemKind, String?, with: String?)
  /// Declare that a replaced value is worthless at the provider.
  case settle(ItemKind, String, revision: UInt64)
  /// Retire an item.
  case retire(ItemKind, String)
  /// Confirm the destination of a token's secrets.
  case confirm(token: String)
  /// Exchange a refresh token for an access token.
  case exchange
  /// Exchange a token, so that its provider does not let it expire for lack of use.
  case keepAlive(token: String)
  /// List who could decrypt which values.
  case listExposures
  /// Change the scope that a connector asks for.
  case changeScope(connector: String)
  /// Replace a connector's older preset by this version's.
  case renewPreset
  /// List the providers that have a preset.
  case listProviders
  /// Add a preset of one's own.
  case addProvider

  // The log.
  /// Show the log.
  case showLog
  /// Verify the log.
  case verifyLog
  /// Show the effect of a recovery, without doing it.
  case planRecovery
  /// Continue from this vault, although this machine has seen a newer state.
  case recover
  /// Continue from this vault, and also accept the loss of a newer state that another machine has recorded.
  case recoverCovering
  /// Record the last state of the log that this machine has seen in a file.
  case recordLastSeen
  /// Get a checkpoint with a proof that it extends the log of this many entries.
  case proveGrowth(from: UInt64)
  /// Export the log as a bundle.
  case exportBundle
  /// Export the log.
  case exportLog
  /// Verify a bundle against the checkpoint in this file.
  case verifyBundle(checkpoint: String)
  /// Verify the vault at this path.
  case verifyVault(String)

  // Repair.
  /// Repair the vault.
  case repair
  /// Repair with rows from an older copy of the vault.
  case repairFromCopy
  /// Repair, and continue without what is lost.
  case repairCutting

  // The same request with other choices.
  /// Repeat the request with this choice added, and its value.
  case give(Choice)
  /// Check this choice, or make another one.
  case use(Choice)
  /// Repeat the request without this choice.
  case leaveOut(Choice)
}

extension NextStep: CustomStringConvertible {
  /// A short English name of the step.
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
