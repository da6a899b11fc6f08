package import CustodyEvidence
internal import CustodyCrypto
package import CustodyLog
package import CustodySecrets

/// A connector with its secret, for a login: no token is there yet.
package struct ConnectorMaterials: ~Copyable {
  package let connector: ConnectorDetails
  package let secret: SecureBytes
}

extension Session {
  /// What a login sends, if it goes where its person was shown. Checked in the read that opens the secret: nobody can change
  /// the details in between. For a new value of a token it also goes where an admin confirmed, and to who holds the token:
  /// else refused, on record, before anyone consents.
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

  /// Writes down that a connector's secret went to its provider for a login, and no token came of it.
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
