public import CustodyLog

/// Something that is asked for beside the operation itself: an argument of a call, an option of a command.
public enum Choice: Hashable, Sendable {
  /// Where the vault is.
  case vault
  /// Where another copy of the vault is.
  case copy
  /// That items are given up which nobody else holds.
  case orphan
  case reason
  /// When a share ends.
  case until
  /// The hash of the log's first entry, as it was noted.
  case genesis
  case keyFile
  case role(Role)
  /// That a provider is asked although an answer was lost.
  case askAgain
  /// That no agent is asked.
  case noAgent
  /// How many entries an export has.
  case size(UInt64)
  /// How many entries a proof begins at.
  case proofStart(UInt64)
  /// That an export is JSON Lines.
  case jsonLines
  /// That a token comes from a login in a browser here.
  case login
  /// Where a login's answer arrives.
  case port
  /// That a token is made worthless at its provider.
  case revoke
  case clientAuthentication
  /// A value for this place in a provider's URL.
  case variable(String)
  /// How long an old refresh token stays good after a new one was given.
  case grace
  case provider
  /// That a token is for a whole tenant.
  case tenantReach
  /// That nothing is written yet.
  case dryRun
  /// The field that a name in an imported file stands for.
  case mapping(String, to: String)
  /// That a column of an imported file is passed over.
  case noColumn(String)
}

extension Choice: CustomStringConvertible {
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
