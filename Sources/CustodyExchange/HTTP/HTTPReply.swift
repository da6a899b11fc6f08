package import CustodySecrets
internal import CustodyValues

/// An HTTP reply, with its body in guarded memory.
package struct HTTPReply: ~Copyable {
  /// The status code.
  package let status: Int
  package let body: SecureBytes
  /// Values of the headers `Location`, `Retry-After`, `Content-Type` and `Date`; empty if absent.
  package var location = "", retryAfter = "", contentType = "", date = ""

  package init(status: Int, body: consuming SecureBytes) {
    self.status = status
    self.body = body
  }
}
