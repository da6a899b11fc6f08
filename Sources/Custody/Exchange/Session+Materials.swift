package import CustodyEvidence
internal import CustodyCrypto
package import CustodyLog
package import CustodySecrets

/// A connector with its secret, for a login that is to bring a token.
package struct ConnectorMaterials: ~Copyable {
  package let connector: ConnectorDetails
  package let secret: SecureBytes
}

extension Session {
  /// Opens a connector for a login, if its secret goes where the person was shown. The check and the opening are one
  /// read, so nobody can change the details in between. For a new value of a token the destination must also be the
  /// confirmed one, and the person must hold the token. A refusal is recorded, before anyone consents.
  package func connectorMaterials(
    for token: TokenDetails, to shown: Destination, _ action: Action
  ) throws(VaultError) -> ConnectorMaterials {
    try recordingRefusal {
      if action == .tokenRotate {
        let held = try core.open(.token, token.name, for: action)
        let places = try core.destinations(of: held.item)
        try core.checkDestination(of: held.item, token.name, places, for: action)
        try core.checkSame(shown, as: places.confirmed, token)
      }
      let opened = try core.open(.connector, token.connector, for: action)
      _ = try core.destination(of: token, by: opened.item, shown)
      return ConnectorMaterials(
        connector: try ConnectorDetails(metadata: core.details(of: opened.item)),
        secret: try opened.secret(in: core.arena))
    }
  }

  /// Returns a function that records a failed login: the connector's secret went to its provider, and no token came of
  /// it.
  package func failedLogin(_ token: TokenDetails, for action: Action) -> () -> Void {
    let core = core
    return {
      let item = (try? core.item(.token, token.name) ?? core.item(.connector, token.connector)) ?? nil
      core.record(Attempt(outcome: .error, action: action, item: item?.id))
    }
  }

  private func recordingRefusal<R: ~Copyable>(_ body: () throws -> R) throws(VaultError) -> R {
    try translating {
      do { return try core.reading(body) } catch let error as VaultError {
        if let attempt = error.attempt { core.record(attempt) }
        throw error
      }
    }
  }
}
