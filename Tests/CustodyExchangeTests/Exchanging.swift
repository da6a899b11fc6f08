import CustodyExchange
import CustodySecrets
import CustodyValues
import Testing

/// The outcome of an exchange in a form that tests can compare. The values are test data, so they may be strings.
struct Outcome {
  var access: String?, refresh: String?
  var expires: Int64?, refreshExpires: Int64?
  var scopes: [String] = []
  var apiBase: String?
  var warnings: [String] = []
  var refreshFlaw: ExchangeError.Code?
  var error: ExchangeError?
}

func text(_ value: borrowing SecureBytes) -> String { value.withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }

extension ExchangeRequest {
  /// Makes one exchange with synthetic secrets, over the wire or over the given transport.
  func outcome(
    secret: String = "s3cr3t/+ &", token: String = "refresh-token-0001", over transport: (any HTTPTransport)? = nil
  ) throws -> Outcome {
    let secret = try SecureBytes(copying: Array(secret.utf8))
    let token = try SecureBytes(copying: Array(token.utf8))
    var outcome = Outcome()
    do {
      let reply =
        if let transport { try exchange(connectorSecret: secret, refreshToken: token, over: transport) } else {
          try exchange(connectorSecret: secret, refreshToken: token)
        }
      (outcome.expires, outcome.scopes, outcome.apiBase) = (reply.expires, reply.scopes, reply.apiBase)
      (outcome.refreshExpires, outcome.warnings) = (reply.refreshExpires, reply.warnings)
      outcome.refreshFlaw = reply.refreshFlaw?.code
      var tokens = reply.tokens()
      outcome.access = text(tokens.access)
      if let refresh = tokens.refresh.take() { outcome.refresh = text(refresh) }
    } catch {
      outcome.error = error
    }
    return outcome
  }
}

/// A transport that answers by a closure, for hosts that no test can own.
struct FakeTransport: HTTPTransport {
  var now: Int64 = 1_800_000_000_000
  let answer: @Sendable (Endpoint) -> (status: Int, location: String, body: String)
  let asked = Locked<[String]>([])

  init(_ answer: @escaping @Sendable (Endpoint) -> (status: Int, location: String, body: String)) {
    self.answer = answer
  }

  func send(_ request: borrowing HTTPRequest) throws(TransportError) -> HTTPReply {
    let url = request.endpoint.text
    asked.withLock { $0.append(url) }
    let (status, location, body) = answer(request.endpoint)
    do {
      var reply = HTTPReply(status: status, body: try SecureBytes(copying: Array(body.utf8)))
      reply.location = location
      return reply
    } catch { throw TransportError(.noMemory) }
  }
}

/// An exchange with the plain server, at its own path.
func request(_ preset: String, at name: String, _ script: Script) throws -> ExchangeRequest {
  let server = try #require(TokenServer.plain)
  try server.script(name, script)
  var request = ExchangeRequest(preset: try #require(Preset.test(preset)), connectorID: "conn ID/1")
  if preset == "kaizala" { request.connectorID = "5f0c2a" }
  request.endpoint = "http://127.0.0.1:\(server.port)/\(name)"
  request.timeLimit = .seconds(20)
  return request
}

extension Preset {
  /// The preset `oauth2`; with `/post`, the connector's secret is in the body.
  static func test(_ name: String) -> Preset? {
    let parts = name.split(separator: "/").map(String.init)
    let preset = Preset.named(parts[0])
    return parts.count == 1
      ? preset : ClientAuthentication(rawValue: parts[1]).flatMap { preset?.authenticating(by: $0) }
  }
}
