internal import CustodyLog
package import CustodySecrets

/// What an exchange needs: a token and its connector, opened after every check.
package struct ExchangeMaterials: ~Copyable {
  package let subject: ExchangeSubject
  package let refreshToken: SecureBytes
  package let connectorSecret: SecureBytes
}
