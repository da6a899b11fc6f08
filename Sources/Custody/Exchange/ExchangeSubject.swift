package import CustodyEvidence
internal import CustodyLog
internal import CustodySystem
package import CustodyValues
internal import CustodyStore

/// The token and connector of an exchange, without secrets.
package struct ExchangeSubject: Sendable {
  package let token: TokenDetails
  package let connector: ConnectorDetails
  package let revision: UInt64
  /// The end of the refresh token by its own claim, unless an exchange has replaced it.
  package var ends: Timestamp?
  /// Time of the revert that brought the token back over one that an exchange had brought.
  package var broughtBack: Timestamp?
  /// True if an exchange of this grant brought a new refresh token, false if none did. Nil if the log has no exchange
  /// of it.
  package var rotates: Bool?
  /// A scope that the grant is known not to have.
  package var refusedScope: String?

  package init(token: TokenDetails, connector: ConnectorDetails, revision: UInt64) {
    (self.token, self.connector, self.revision) = (token, connector, revision)
  }
}
