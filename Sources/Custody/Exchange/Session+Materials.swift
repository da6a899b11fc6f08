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
        connector: try ConnectorDetails(metadata: opened.metadata), secret: try opened.secret(in: core.arena))
    }
  }

  /// A token with its connector, for a call that is no exchange. What becomes of it is for the caller to record.
  package func tokenMaterials(_ name: String, for action: Action) throws(VaultError) -> ExchangeMaterials {
    try recordingRefusal {
      let token = try core.open(.token, name, for: action)
      let connector = try core.openConnector(of: token, for: action)
      return ExchangeMaterials(
        subject: try ExchangeSubject(token, connector), refreshToken: try token.secret(in: core.arena),
        connectorSecret: try connector.secret(in: core.arena))
    }
  }

  /// That a provider did not revoke a token.
  package func recordFailedRetirement(_ name: String) {
    core.record(Attempt(outcome: .error, action: .tokenRetire, item: core.item(.token, name)?.id))
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
