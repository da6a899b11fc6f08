/// A refusal of the portal, or of a script's call under `/sandbox/`.
enum PortalRefusal: Error, Equatable {
  case notSignedIn, noConfirmedPhone, wrongPIN, unknownConnector, notYours, deactivated
  case bad(String)
  /// A script named something that does not exist: a realm, a call, a user code.
  case unknown(String)

  var text: String {
    switch self {
    case .notSignedIn: "sign in first"
    case .noConfirmedPhone: "add a phone number and confirm its PIN first"
    case .wrongPIN: "that is not the PIN that was sent"
    case .unknownConnector: "your organisation has no such connector"
    case .notYours: "only who added the connector or a tenant admin may do that"
    case .deactivated: "the connector is deactivated, so it gets no new tokens"
    case .bad(let what): what
    case .unknown(let what): "there is no such \(what)"
    }
  }

  var status: Int {
    switch self {
    case .notSignedIn: 401
    case .noConfirmedPhone, .deactivated: 409
    case .wrongPIN, .notYours: 403
    case .unknownConnector, .unknown: 404
    case .bad: 400
    }
  }
}
