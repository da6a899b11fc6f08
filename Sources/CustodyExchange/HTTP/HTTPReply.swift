package import CustodySecrets
internal import CustodyValues

package struct HTTPReply: ~Copyable {
  package let status: Int
  package let body: SecureBytes
  package var location = "", retryAfter = "", contentType = "", date = ""

  package init(status: Int, body: consuming SecureBytes) {
    self.status = status
    self.body = body
  }
}
