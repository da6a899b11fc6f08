import Foundation

/// Responses by the kind of their body.
extension Response {
  static func json(_ value: some Encodable, status: Int = 200, retryAfter: Int64? = nil) -> Response {
    var response = typed("application/json; charset=utf-8", ReplyJSON.make(value), status: status)
    response.headers["Retry-After"] = retryAfter.map(String.init)
    return response
  }

  static func text(_ text: String, status: Int) -> Response {
    typed("text/plain; charset=utf-8", text + "\n", status: status)
  }

  /// A form, as GitHub's token endpoint sends it to clients that do not ask for JSON.
  static func form(_ fields: [(String, String)], status: Int = 200) -> Response {
    let kept = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
    let pairs = fields.map { "\($0.0)=\($0.1.addingPercentEncoding(withAllowedCharacters: kept) ?? "")" }
    return typed("application/x-www-form-urlencoded", pairs.joined(separator: "&"), status: status)
  }

  /// 303 See Other.
  static func redirect(_ location: String) -> Response {
    Response(status: 303, headers: ["Location": location, "Cache-Control": "no-store"])
  }

  /// A body of a media type, with a header that forbids caching.
  static func typed(_ type: String, _ body: String, status: Int = 200) -> Response {
    Response(status: status, headers: ["Content-Type": type, "Cache-Control": "no-store"], body: Data(body.utf8))
  }
}
