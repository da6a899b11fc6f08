/// What a member may do; held by keys first and by the log's rules second.
public enum Role: String, CaseIterable, Sendable {
  case admin, developer, auditor
}

/// What a machine may do: unlike a person it has no passphrase, and its key file lies where programs can read it.
public enum MachineUse: String, CaseIterable, Sendable {
  /// Whatever its role may.
  case any
  /// Of all that its role may, exchange tokens; never reveal, share or change one.
  case exchange

  /// What a member is, as reports say it.
  public static func kind(_ machine: MachineUse?) -> String {
    switch machine {
    case nil: "person"
    case .any: "machine"
    case .exchange: "machine, exchange only"
    }
  }

  public func permits(_ action: Action) -> Bool {
    switch self {
    case .any: true
    case .exchange:
      [.tokenExchange, .tokenCheck, .tokenRenew, .connectorRenew, .memberRekey, .logExport, .logVerify, .logCosign]
        .contains(action)
    }
  }
}

/// What is kept: a registered integration, or a refresh token of one for a tenant.
public enum ItemKind: String, CaseIterable, Sendable {
  case connector, token
}

/// Whether the act took place, was not permitted, or failed.
public enum Outcome: String, CaseIterable, Sendable {
  case ok, denied, error
}

/// How a value left this process, as the one who took it declares it; `nowhere` where it did not.
public enum Leaving: String, CaseIterable, Sendable {
  case tty, pipe, exec, file, nowhere
}

/// Where a value came from, where that is not the usual place: an access token that was kept, and not asked for; a refresh
/// token that came from the provider straight into the vault, by a browser's login or by a device code.
public enum Source: String, CaseIterable, Sendable {
  case cache, login, device
}

extension Role {
  package var indefinite: String { (self == .developer ? "a " : "an ") + rawValue }
}
