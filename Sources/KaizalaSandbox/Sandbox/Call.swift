import FlyingFox
import Foundation

/// A request, read whole.
struct Call: Sendable {
  static let mostBytes = 65_536

  let method: HTTPMethod
  let path: [String]
  let query: Form
  let headers: HTTPHeaders
  let body: Data

  /// Nil when the body is more than anyone here has to say.
  init?(_ request: HTTPRequest) async throws {
    var body = Data()
    for try await piece in request.bodySequence {
      guard body.count + piece.count <= Self.mostBytes else { return nil }
      body.append(piece)
    }
    method = request.method
    path = request.path.split(separator: "/").map(String.init)
    query = Form(request.query.map { (name: $0.name, value: $0.value) })
    headers = request.headers
    self.body = body
  }

  func header(_ name: String) -> String? { headers[HTTPHeader(name)].flatMap { $0.isEmpty ? nil : $0 } }

  func json<Value: Decodable>() -> Value? { ReplyJSON.read(body) }
}

extension HTTPResponse {
  static func json(_ value: some Encodable, status: Int = 200, retryAfter: Int64? = nil) -> HTTPResponse {
    var headers: HTTPHeaders = [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"]
    headers[HTTPHeader("Retry-After")] = retryAfter.map(String.init)
    return HTTPResponse(statusCode: .of(status), headers: headers, body: Data(ReplyJSON.make(value).utf8))
  }

  static func text(_ text: String, status: Int) -> HTTPResponse {
    HTTPResponse(
      statusCode: .of(status), headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
      body: Data((text + "\n").utf8))
  }
}

extension HTTPStatusCode {
  /// Those that the sandbox answers with.
  static func of(_ number: Int) -> HTTPStatusCode {
    let known: [HTTPStatusCode] = [
      .ok, .seeOther, .badRequest, .unauthorized, .forbidden, .notFound, .conflict, .payloadTooLarge,
      .misdirectedRequest, .tooManyRequests, .serviceUnavailable,
      HTTPStatusCode(408, phrase: "Request Timeout"), HTTPStatusCode(425, phrase: "Too Early"),
    ]
    return known.first { $0.code == number } ?? .internalServerError
  }
}
