package import CustodySecrets
internal import CustodyValues

/// One request and its reply, and no more: no redirects, no cookies, no retries.
package protocol HTTPTransport {
  func send(_ request: borrowing HTTPRequest) throws(TransportError) -> HTTPReply

  /// The clock that the request is sent by, in milliseconds since 1970.
  var now: Int64 { get }
}

package struct HTTPRequest: ~Copyable {
  package let endpoint: Endpoint
  package let method: String
  /// `Name: value`, each line ended by NUL, the last by two.
  package let headers: SecureBytes
  package let body: SecureBytes
  package let limits: HTTPLimits
}

package struct HTTPLimits: Sendable {
  package var caFile: String?
  /// From the first packet to the last.
  package var milliseconds: Int
  package var mostBytes = 1 << 20
}

package struct HTTPReply: ~Copyable {
  package let status: Int
  package let body: SecureBytes
  package var location = "", retryAfter = "", contentType = "", date = ""

  package init(status: Int, body: consuming SecureBytes) {
    self.status = status
    self.body = body
  }
}

package struct TransportError: Error {
  package enum Kind: Sendable { case timedOut, unreachable, proxy, lost, tls, tooLarge, noLibrary, noMemory }

  package let kind: Kind
  package let mayHaveArrived: Bool
  /// The library's words; they may hold text from the other side.
  package let words: String

  package init(_ kind: Kind, mayHaveArrived: Bool = false, words: String = "") {
    (self.kind, self.mayHaveArrived, self.words) = (kind, mayHaveArrived, words)
  }
}
