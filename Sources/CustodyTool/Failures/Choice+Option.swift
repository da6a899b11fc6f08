import CustodyEvidence
import CustodyLog

extension Choice {
  /// The command-line option for the choice.
  var option: String {
    switch self {
    case .vault: "--vault"
    case .copy, .proofStart: "--from"
    case .orphan: "--orphan"
    case .reason: "--reason"
    case .until: "--until"
    case .genesis: "--genesis"
    case .keyFile: "--key-file"
    case .role: "--role"
    case .askAgain: "--ask-again"
    case .noAgent: "--no-agent"
    case .size: "--size"
    case .jsonLines: "--format"
    case .login: "--login"
    case .port: "--port"
    case .revoke: "--revoke"
    case .clientAuthentication: "--client-auth"
    case .variable: "--set"
    case .grace: "--old-token"
    case .provider: "--provider"
    case .tenantReach: "--reach"
    case .dryRun: "--dry-run"
    case .mapping, .noColumn: "--map"
    }
  }

  /// The option's value, or a placeholder for it; nil for a flag.
  var value: String? {
    switch self {
    case .vault, .keyFile: "PATH"
    case .copy: "FILE"
    case .reason: "…"
    case .until: "TIME"
    case .genesis: "HASH"
    case .port: "PORT"
    case .clientAuthentication: "WAY"
    case .provider: "NAME"
    case .role(let role): role.rawValue
    case .size(let size), .proofStart(let size): "\(size)"
    case .jsonLines: "jsonl"
    case .variable(let name): "\(name)=…"
    case .grace: "grace --grace 60s"
    case .tenantReach: "tenant"
    case .mapping(let name, let field): "\(name)=\(field)"
    case .noColumn(let name): "\"\(name)=-\""
    case .orphan, .askAgain, .noAgent, .login, .revoke, .dryRun: nil
    }
  }
}
