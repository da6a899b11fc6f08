/// What a machine may do: unlike a person it has no passphrase, and its key file lies where programs can read it.
public enum MachineUse: String, CaseIterable, Sendable {
  /// Whatever its role may.
  case any
  /// Of all that its role may, exchange tokens; never reveal, share or change one.
  case exchange

  /// What a member is, as reports say it.
  package static func kind(_ machine: MachineUse?) -> String {
    switch machine {
    case nil: "person"
    case .any: "machine"
    case .exchange: "machine, exchange only"
    }
  }

  package func permits(_ action: Action) -> Bool {
    switch self {
    case .any: true
    case .exchange:
      [.tokenExchange, .tokenCheck, .tokenRenew, .connectorRenew, .memberRekey, .logExport, .logVerify, .logCosign]
        .contains(action)
    }
  }
}
