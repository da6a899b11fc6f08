import FlyingFox

/// Three doors: the REST endpoint, the scripts' own, and the portal for all else.
struct Router: HTTPHandler {
  let kaizala: Kaizala

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    guard Self.isLoopback(request.headers[.host]) else {
      return .text("this sandbox answers to 127.0.0.1 and localhost only", status: 421)
    }
    guard let call = try await Call(request) else { return .text("the request is too long", status: 413) }
    return switch call.path.first {
    case "v1": await RESTEndpoint(kaizala: kaizala).answer(call)
    case "sandbox": await ScriptDoor(kaizala: kaizala).answer(call)
    default: await Portal(kaizala: kaizala).answer(call)
    }
  }

  /// A page of another site whose name was pointed at 127.0.0.1 still sends its own name as Host.
  private static func isLoopback(_ host: String?) -> Bool {
    guard let host else { return false }
    let parts = host.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.dropFirst().allSatisfy({ UInt16($0) != nil }) else { return false }
    return ["127.0.0.1", "localhost"].contains(parts[0].lowercased())
  }
}
