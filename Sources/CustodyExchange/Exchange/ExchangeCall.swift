internal import CustodySecrets
internal import CustodyJSON
internal import CustodyValues

/// One exchange under way: sends the request, follows one redirect at most, and reads the reply.
struct ExchangeCall: ~Copyable {
  let request: ExchangeRequest
  let endpoint: Endpoint
  let prepared: PreparedRequest
  let asked: Int64
  private let start = ContinuousClock.now

  init(request: ExchangeRequest, endpoint: Endpoint, prepared: consuming PreparedRequest, asked: Int64) {
    (self.request, self.endpoint, self.asked) = (request, endpoint, asked)
    self.prepared = prepared
  }

  /// Sends the request and returns the reply, following one redirect if the preset allows it. `mayHaveArrived` becomes
  /// true once the provider may have acted.
  borrowing func send(
    over transport: some HTTPTransport, mayHaveArrived: inout Bool
  ) throws(ExchangeError) -> HTTPReply {
    let first = try send(to: endpoint, over: transport, &mayHaveArrived)
    guard 300...399 ~= first.status else { return first }
    let next = try redirect(first)
    mayHaveArrived = false  // A server that redirects has not acted.
    let second = try send(to: next, over: transport, &mayHaveArrived)
    guard 300...399 ~= second.status else { return second }
    throw Self.redirected("a second redirect", second.status)
  }

  private borrowing func send(
    to endpoint: Endpoint, over transport: some HTTPTransport, _ mayHaveArrived: inout Bool
  ) throws(ExchangeError) -> HTTPReply {
    let left = request.timeLimit - (ContinuousClock.now - start)
    let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
    guard milliseconds > 0 else { throw ExchangeError(.timedOut, "the provider took too long") }
    do {
      // Copied, because a redirected request is sent twice, and its noncopyable parts can't be lent out and kept.
      let message = HTTPRequest(
        endpoint: endpoint, method: request.preset.method.rawValue, headers: try prepared.headers.copy(),
        body: try prepared.body.copy(), limits: HTTPLimits(caFile: request.caFile, milliseconds: Int(milliseconds)))
      let reply = try transport.send(message)
      mayHaveArrived = true
      return reply
    } catch let failure as TransportError {
      mayHaveArrived = mayHaveArrived || failure.mayHaveArrived
      throw Self.error(failure, endpoint)
    } catch {
      throw ExchangeError(.noMemory, "cannot ask the provider: there is no memory for secrets")
    }
  }

  /// The target of a 308. The secrets travel in headers and body, so it must be an https URL on a host that the preset
  /// names. This machine may be an endpoint, but not the target of a redirect.
  private borrowing func redirect(_ reply: borrowing HTTPReply) throws(ExchangeError) -> Endpoint {
    guard reply.status == 308, request.preset.follows308 else {
      throw Self.redirected("a redirect", reply.status)
    }
    guard let target = try? Endpoint(reply.location), target.isSecure,
      request.preset.hosts.contains(where: { $0.allows(target) })
    else { throw Self.redirected("a redirect to a place that the preset does not allow", reply.status) }
    return target
  }

  static func redirected(_ what: String, _ status: Int) -> ExchangeError {
    var error = ExchangeError(.redirected, "the endpoint answered with \(what), which was not followed")
    error.status = status
    return error
  }

  static func error(_ failure: TransportError, _ endpoint: Endpoint) -> ExchangeError {
    let words = failure.words.isEmpty ? "" : "; libcurl said: " + PrintableText.quote(failure.words)
    return switch failure.kind {
    case .timedOut: ExchangeError(.timedOut, "\"\(endpoint.host)\" took too long")
    case .unreachable: ExchangeError(.unreachable, "cannot reach \"\(endpoint.host)\"\(words)")
    case .proxy: ExchangeError(.proxyRefused, "cannot reach \"\(endpoint.host)\" through the proxy\(words)")
    case .lost: ExchangeError(.replyLost, "the connection to \"\(endpoint.host)\" ended before the reply did\(words)")
    case .tls: ExchangeError(.tlsFailed, "cannot trust \"\(endpoint.host)\"\(words)")
    case .tooLarge: ExchangeError(.replyTooLarge, "cannot use the reply of \"\(endpoint.host)\": it is too large")
    case .noLibrary: ExchangeError(.libcurlMissing, "cannot open libcurl.so.4")
    case .noMemory: ExchangeError(.noMemory, "cannot ask the provider: there is no memory for secrets")
    }
  }
}
