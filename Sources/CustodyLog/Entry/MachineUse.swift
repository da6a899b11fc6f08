/// The permission of a machine member. A machine has no passphrase, and programs can read its key file.
public enum MachineUse: String, CaseIterable, Sendable {
  /// Everything that its role permits.
  case any
  /// Exchanging and checking tokens, and upkeep: renewing metadata keys, sealing its own seed anew, exporting,
  /// verifying and cosigning the log. Never reveal, share or change an item.
  case exchange

  /// The kind of a member in words for reports: a person (nil) or a machine.
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
