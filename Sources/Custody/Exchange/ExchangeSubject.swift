package import CustodyEvidence
internal import CustodyLog
internal import CustodySystem
package import CustodyValues
internal import CustodyStore

/// What an exchange is about, without a secret.
package struct ExchangeSubject: Sendable {
  package let token: TokenDetails
  package let connector: ConnectorDetails
  package let revision: UInt64
  /// When the refresh token ends, where it says so itself and was not replaced by an exchange since.
  package var ends: Timestamp?
  /// Set where the token was brought back over one that an exchange had brought: when that was done.
  package var broughtBack: Timestamp?
  /// Whether an exchange of this grant brought a new refresh token; nothing where none was made that the log knows of.
  package var rotates: Bool?
  /// A scope that the grant is known not to have.
  package var refusedScope: String?

  package init(token: TokenDetails, connector: ConnectorDetails, revision: UInt64) {
    (self.token, self.connector, self.revision) = (token, connector, revision)
  }
}
