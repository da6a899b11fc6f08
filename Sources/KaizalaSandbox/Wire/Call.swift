import Foundation

/// An HTTP request, read whole.
struct Call: Sendable {
  enum Method: String { case get = "GET", post = "POST", another }

  /// A request that reaches no handler.
  enum Refused: Error {
    case gone, malformed, chunked, tooLong

    /// The reply; nil if the client has left.
    var response: Response? {
      switch self {
      case .gone: nil
      case .malformed: .text("the request is not HTTP/1.1", status: 400)
      case .chunked: .text("the request does not tell its length", status: 411)
      case .tooLong: .text("the request is too long", status: 413)
      }
    }
  }

  private static let mostHeadBytes = 1 << 20
  private static let mostBodyBytes = 65_536

  let method: Method
  /// The path's components, percent-decoded.
  let path: [String]
  let query: Form
  let headers: [(name: String, value: String)]
  let body: Data

  /// Reads one request from a connection. A chunked body is refused, because no client of the sandbox sends one.
  init(from client: Int32) throws(Refused) {
    var read = Data()
    let mark = Data("\r\n\r\n".utf8)
    while read.range(of: mark) == nil {
      guard read.count < Self.mostHeadBytes else { throw .tooLong }
      guard Loopback.read(client, into: &read) else { throw .gone }
    }
    let end = read.range(of: mark) ?? read.endIndex..<read.endIndex
    let lines = String(decoding: read[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let start = lines[0].split(separator: " ")
    guard start.count == 3 else { throw .malformed }
    method = Method(rawValue: String(start[0])) ?? .another
    let target = URLComponents(string: String(start[1]))
    path = (target?.path ?? "").split(separator: "/").map(String.init)
    query = Form((target?.queryItems ?? []).map { (name: $0.name, value: $0.value ?? "") })
    headers = lines.dropFirst().compactMap(Self.header)
    body = try Self.body(headers, beginning: read[end.upperBound...], from: client)
  }

  /// A header's value, if it is there and not empty.
  func header(_ name: String) -> String? { Self.value(of: name, in: headers).flatMap { $0.isEmpty ? nil : $0 } }

  func json<Value: Decodable>() -> Value? { ReplyJSON.read(body) }

  private static func header(_ line: String) -> (name: String, value: String)? {
    let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
    return parts.count == 2 ? (parts[0], parts[1]) : nil
  }

  private static func value(of name: String, in headers: [(name: String, value: String)]) -> String? {
    headers.last { $0.name.lowercased() == name.lowercased() }?.value
  }

  private static func body(
    _ headers: [(name: String, value: String)], beginning: Data, from client: Int32
  ) throws(Refused) -> Data {
    guard value(of: "Transfer-Encoding", in: headers) == nil else { throw .chunked }
    guard let length = Int(value(of: "Content-Length", in: headers) ?? "0"), length >= 0 else { throw .malformed }
    guard length <= mostBodyBytes else { throw .tooLong }
    var body = Data(beginning)
    while body.count < length {
      guard Loopback.read(client, into: &body) else { throw .gone }
    }
    return body.prefix(length)
  }
}
