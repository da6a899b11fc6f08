public import CustodyLog

/// A choice besides the operation itself: an argument of a call, an option of a command.
public enum Choice: Hashable, Sendable {
  /// The path of the vault.
  case vault
  /// The path of another copy of the vault.
  case copy
  /// Giving up items that nobody else holds.
  case orphan
  /// The reason for an act, in words.
  case reason
  /// The end of a share.
  case until
  /// The leaf hash of the log's first entry, as the user noted it.
  case genesis
  /// The path of a key file.
  case keyFile
  /// The role of a member.
  case role(Role)
  /// Contacting a provider again although the answer to an earlier request was lost.
  case askAgain
  /// Doing without an agent.
  case noAgent
  /// The count of entries in an export.
  case size(UInt64)
  /// The older size in entries from which a proof leads to the newest.
  case proofStart(UInt64)
  /// JSON Lines as the format of an export.
  case jsonLines
  /// Getting a token by a login in a browser on this machine.
  case login
  /// The port of this machine at which a login's answer arrives.
  case port
  /// Making a token worthless at its provider.
  case revoke
  /// The way in which a connector authenticates to its provider.
  case clientAuthentication
  /// The value of a variable in a provider's URLs.
  case variable(String)
  /// How long an old refresh token works after a new one was given.
  case grace
  /// The provider's preset.
  case provider
  /// A token that reaches the whole tenant.
  case tenantReach
  /// Showing the effect without writing anything.
  case dryRun
  /// The field that a name in an imported file stands for.
  case mapping(String, to: String)
  /// Leaving out a column of an imported file.
  case noColumn(String)
}

extension Choice: CustomStringConvertible {
  /// A short English name of the choice.
  public var description: String {
    switch self {
    case .vault: "vault"
    case .copy: "copy"
    case .orphan: "orphan"
    case .reason: "reason"
    case .until: "until"
    case .genesis: "genesis"
    case .keyFile: "key file"
    case .role(let role): "role \(role.rawValue)"
    case .askAgain: "ask again"
    case .noAgent: "no agent"
    case .size(let size): "size \(size)"
    case .proofStart(let size): "from \(size)"
    case .jsonLines: "JSON Lines"
    case .login: "login"
    case .port: "port"
    case .revoke: "revoke"
    case .clientAuthentication: "client authentication"
    case .variable(let name): "variable \(name)"
    case .grace: "grace"
    case .provider: "provider"
    case .tenantReach: "reach tenant"
    case .dryRun: "dry run"
    case .mapping(let name, let field): "map \(name) to \(field)"
    case .noColumn(let name): "map \(name) to nothing"
    }
  }
}
