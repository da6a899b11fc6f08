package import CustodySecrets

/// An HTTP request, with its headers and body in guarded memory.
package struct HTTPRequest: ~Copyable {
  package let endpoint: Endpoint
  package let method: String
  /// Header lines `Name: value`, each ended by NUL, the last by two.
  package let headers: SecureBytes
  package let body: SecureBytes
  package let limits: HTTPLimits
}
