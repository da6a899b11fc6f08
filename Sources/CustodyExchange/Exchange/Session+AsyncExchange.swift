public import Custody
public import CustodyLog

extension Session {
  /// Exchanges a refresh token for an access token without blocking the caller's thread.
  ///
  /// Nothing else uses the session meanwhile: it is borrowed to change until this returns. A task that is cancelled
  /// meanwhile still gets the outcome, since a request that has left cannot be called back.
  ///
  /// A signal that ends the process between the reply and its storing loses a new refresh token. A program with several
  /// threads blocks SIGINT, SIGTERM and SIGHUP before it starts them, and reads these signals by `sigwait` or
  /// `signalfd`.
  ///
  /// - Parameters:
  ///   - token: the token's name, as `contoso/crm-sync`.
  ///   - how: where the access token goes; `.nowhere` if it stays in this process. The log says so.
  ///   - options: time limits, and when a kept access token will do.
  /// - Returns: the access token. A new refresh token, if one came, is durable in the vault by then.
  nonisolated(nonsending) public mutating func exchange(
    _ token: String, how: Leaving, _ options: ExchangeOptions = ExchangeOptions()
  ) async throws(VaultError) -> AccessToken {
    try await lend { session throws(VaultError) in try session.exchange(token, how: how, options) }
  }

  /// Asks the provider to revoke a refresh token, and retires it, without blocking the caller's thread.
  ///
  /// Nothing else uses the session meanwhile: it is borrowed to change until this returns.
  ///
  /// - Parameters:
  ///   - token: the token's name, as `contoso/crm-sync`.
  ///   - reason: a text for the log.
  ///   - caFile: a file of certificate authorities, PEM, that alone are trusted; the system's if nil.
  ///   - patience: time to wait for another process that is exchanging the token.
  /// - Returns: the time of the provider's confirmation, or the reason why it is in doubt.
  nonisolated(nonsending) public mutating func revoke(
    _ token: String, reason: String? = nil, caFile: String? = nil, patience: Duration = .seconds(60)
  ) async throws(VaultError) -> Revocation {
    try await lend { session throws(VaultError) in
      try session.revoke(token, reason: reason, caFile: caFile, patience: patience)
    }
  }
}
