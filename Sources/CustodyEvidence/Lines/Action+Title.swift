internal import CustodyLog

extension Action {
  /// A short title for people, in the past tense.
  var title: String {
    switch self {
    case .vaultCreate: "Vault founded"
    case .vaultRepair: "Vault repaired"
    case .memberEnroll: "Member enrolled"
    case .memberDeny: "Request denied"
    case .memberRole: "Role changed"
    case .memberRemove: "Member removed"
    case .memberRekey: "Seed sealed anew"
    case .connectorRegister: "Connector registered"
    case .connectorChange: "Connector details changed"
    case .connectorRenew: "Connector metadata key renewed"
    case .connectorSettle: "Connector exposure settled"
    case .tokenChange: "Token details changed"
    case .tokenConfirm: "Token destination confirmed"
    case .tokenRenew: "Token metadata key renewed"
    case .tokenSettle: "Token exposure settled"
    case .connectorRevert: "Connector secret brought back"
    case .connectorRotate: "Connector secret rotated"
    case .connectorRekey: "Connector rekeyed"
    case .connectorShare: "Connector shared"
    case .connectorUnshare: "Connector taken back"
    case .connectorReveal: "Connector secret revealed"
    case .connectorRetire: "Connector retired"
    case .tokenStore: "Token stored"
    case .tokenRevert: "Token brought back"
    case .tokenRotate: "Token rotated"
    case .tokenRekey: "Token rekeyed"
    case .tokenShare: "Token shared"
    case .tokenUnshare: "Token taken back"
    case .tokenReveal: "Token revealed"
    case .tokenCheck: "Token checked"
    case .tokenExchange: "Token exchanged"
    case .tokenRetire: "Token retired"
    case .logExport: "Log exported"
    case .logVerify: "Log verified"
    case .logCosign: "Checkpoint cosigned"
    case .logRecover: "Log recovered"
    }
  }

  /// True for actions that change who is trusted, or what the log extends.
  var isGrave: Bool {
    switch self {
    case .vaultCreate, .vaultRepair, .memberEnroll, .memberRole, .memberRemove, .logRecover: true
    default: false
    }
  }
}

extension LogLine {
  /// An ID of the entry that is unique among all logs.
  var uid: String { "\(entry.origin)#\(position)" }
}
