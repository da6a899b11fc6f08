internal import CustodyValues

/// One request and its reply, and no more: no redirects, no cookies, no retries.
package protocol HTTPTransport {
  func send(_ request: borrowing HTTPRequest) throws(TransportError) -> HTTPReply

  /// The clock that the request is sent by, in milliseconds since 1970.
  var now: Int64 { get }
}
