package import CustodySecrets

package struct HTTPRequest: ~Copyable {
  package let endpoint: Endpoint
  package let method: String
  /// `Name: value`, each line ended by NUL, the last by two.
  package let headers: SecureBytes
  package let body: SecureBytes
  package let limits: HTTPLimits
}
