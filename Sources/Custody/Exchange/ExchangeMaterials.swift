internal import CustodyLog
package import CustodySecrets

/// The secrets of an exchange: a token and its connector, opened after every check.
package struct ExchangeMaterials: ~Copyable {
  package let subject: ExchangeSubject
  package let refreshToken: SecureBytes
  package let connectorSecret: SecureBytes
}
