internal import CustodyCrypto
package import CustodyLog
package import CustodyMemory

/// A connector with its secret, for a login: no token is there yet.
package struct ConnectorMaterials: ~Copyable {
  package let connector: ConnectorDetails
  package let secret: SecureBytes
}

extension Session {
  package func connectorMaterials(_ name: String, for action: Action) throws(VaultError) -> ConnectorMaterials {
    try recordingRefusal {
      let opened = try core.open(.connector, name, for: action)
      return ConnectorMaterials(
        connector: try ConnectorDetails(metadata: core.details(of: opened.item)),
        secret: try opened.secret(in: core.arena))
    }
  }

  /// Refuses, on record, who could not store what a login brings, and a login elsewhere than an admin confirmed: before
  /// anyone consents to it.
  package func requireGrant(of token: String, for action: Action) throws(VaultError) {
    try recordingRefusal {
      let opened = try core.open(.token, token, for: action)
      try core.checkDestination(of: opened.item, for: action)
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
