internal import CustodyCrypto
package import CustodyLog
package import CustodyMemory
internal import CustodyStore

/// What an exchange needs: a token and its connector, opened after every check.
package struct ExchangeMaterials: ~Copyable {
  package let token: TokenDetails
  package let connector: ConnectorDetails
  package let refreshToken: SecureBytes
  package let connectorSecret: SecureBytes
  /// The revision that `refreshToken` is of: what comes back replaces this one or none.
  package let revision: UInt64
}

/// The vault's half of an exchange. `CustodyExchange` calls the provider in between.
extension Session {
  package func exchangeMaterials(_ name: String) throws(VaultError) -> ExchangeMaterials {
    try translating {
      do {
        // A reply may rotate the token, and what can't be stored would be lost.
        guard !core.store.isReadOnly else { throw StoreError.readOnly }
        return try core.reading { try core.materials(name) }
      } catch let error as VaultError {
        if let attempt = error.attempt { core.record(attempt) }
        throw error
      }
    }
  }

  /// Records an exchange that succeeded; only then may the access token go out.
  package func recordExchange(
    _ name: String, how: Leaving, revision: UInt64
  ) throws(VaultError) {
    try translating {
      try core.commit { transaction in
        let item = try core.open(.token, name, for: .tokenExchange).item
        _ = try transaction.append(.tokenExchange) { entry in
          entry.set(.item, item.id)
          entry.set(.revision, item.revision)
          entry.set(.generation, item.generation)
          entry.set(.how, how.rawValue)
        }
      }
    }
  }

  /// As `recordExchange`, where the reply brought a new refresh token: it becomes the next revision in the same commit.
  /// Who else writes is waited for longer than usual, because what can't be stored now is lost.
  package func recordRotation(
    _ name: String, how: Leaving, revision: UInt64, to secret: borrowing SecureBytes
  ) throws(VaultError) {
    var patience = 12
    while true {
      do { return try storeRotated(name, how, revision, secret) } catch {
        patience -= 1
        if error.code == .busy, patience > 0 { continue }
        guard error.code != .conflict else { throw error }
        throw VaultError(
          error.code,
          "the provider gave a new refresh token for \"\(name)\" that could not be stored: \(error.reason)",
          subject: name, hint: "the one in the vault may be dead now; mend this, then an admin stores a new one")
      }
    }
  }

  private func storeRotated(
    _ name: String, _ how: Leaving, _ revision: UInt64, _ secret: borrowing SecureBytes
  ) throws(VaultError) {
    let copy = try translating { try secret.copy() }
    try translating {
      try core.commit { transaction in
        let opened = try core.open(.token, name, for: .tokenExchange)
        try core.checkNotOvertaken(opened.item, revision, name)
        try transaction.replace(opened, metadata: opened.metadata, secret: copy, action: .tokenExchange) {
          $0.set(.how, how.rawValue)
        }
      }
    }
  }

  /// Records that the provider refused, or that no usable reply came.
  package func recordFailedExchange(_ name: String) {
    core.record(Attempt(outcome: .error, action: .tokenExchange, item: core.item(.token, name)?.id))
  }
}

extension Core {
  /// What came back is newer than what another exchange stored meanwhile, which stays as the revision before. What an
  /// admin stored meanwhile is meant to replace both.
  fileprivate func checkNotOvertaken(_ item: Item, _ revision: UInt64, _ name: String) throws {
    guard item.revision != revision, try ledger.attested(item.valueEntry).action != .tokenExchange else { return }
    throw VaultError(
      .conflict, "cannot keep the refresh token that came back for \"\(name)\": an admin stored another meanwhile",
      subject: name, hint: "run the exchange again; it takes the newest")
  }

  func materials(_ name: String) throws -> ExchangeMaterials {
    let opened = try open(.token, name, for: .tokenExchange)
    let token = try TokenDetails(metadata: opened.metadata)
    let connector: Opened
    do { connector = try open(.connector, token.connector, for: .tokenExchange) } catch let error as VaultError {
      throw error.attempt == nil ? error : error.denying(.tokenExchange, opened.item.id)
    }
    // By ID, not by name: the one for which the admin stored the token.
    guard connector.item.id == opened.item.connector else {
      throw broken(opened.item, "connector \"\(token.connector)\" is not the one that it was stored for")
    }
    return ExchangeMaterials(
      token: token, connector: try ConnectorDetails(metadata: connector.metadata),
      refreshToken: try opened.secret(in: arena), connectorSecret: try connector.secret(in: arena),
      revision: opened.item.revision)
  }
}
