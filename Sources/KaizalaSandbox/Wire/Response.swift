import Foundation

/// An HTTP response, and the way it is delivered.
struct Response: Sendable {
  /// The way a response leaves. All but `whole` are faults.
  enum Delivery: Sendable {
    case whole
    /// The connection closes without a byte.
    case lost
    /// Half of the body leaves, after a head with the length of the whole.
    case truncated
    /// A byte leaves each tenth of a second, beginning with the head's first.
    case drip
    /// No header tells the length of the body.
    case unmeasured
    /// The response waits for so many seconds, or until the client leaves.
    case slow(seconds: Int64)
  }

  var status = 200
  var headers: [String: String] = [:]
  var body = Data()
  var delivery = Delivery.whole

  func delivered(_ delivery: Delivery) -> Response {
    var response = self
    response.delivery = delivery
    return response
  }

  /// Sends the part that leaves slowly, and returns the rest, which may leave at once.
  func startSending(to client: Int32) -> Data {
    switch delivery {
    case .lost: return Data()
    case .truncated: return head + body.prefix(body.count / 2)
    case .slow(let seconds): Loopback.wait(seconds, whileThereIs: client)
    case .drip: return Self.drip(head + body, to: client)
    case .whole, .unmeasured: break
    }
    return head + body
  }

  /// The head. Its status line has no reason phrase, which RFC 9112, section 4 makes optional and tells clients to
  /// ignore.
  private var head: Data {
    var headers = headers
    headers["Connection"] = "close"
    if case .unmeasured = delivery {} else { headers["Content-Length"] = "\(body.count)" }
    let lines = headers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    return Data((["HTTP/1.1 \(status) "] + lines + ["", ""]).joined(separator: "\r\n").utf8)
  }

  /// Sends a byte at a time while the client listens, and returns the last one.
  private static func drip(_ bytes: Data, to client: Int32) -> Data {
    for byte in bytes.dropLast() {
      guard Loopback.write(Data([byte]), to: client) else { return Data() }
      usleep(100_000)
    }
    return bytes.suffix(1)
  }
}
