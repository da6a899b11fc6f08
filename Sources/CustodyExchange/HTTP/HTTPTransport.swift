internal import CustodyValues

/// Sends one request and returns its reply: no redirects, no cookies, no retries.
package protocol HTTPTransport {
  /// Sends the request and waits for the reply.
  func send(_ request: borrowing HTTPRequest) throws(TransportError) -> HTTPReply

  /// The present by the transport's clock, in milliseconds since 1970.
  var now: Int64 { get }
}
