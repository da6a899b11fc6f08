import FlyingFox
import Foundation
import Glibc

/// The port that people and clients speak to: it hands each request to the HTTP server behind it, and spoils the reply where it
/// was told to, in ways that only the socket's owner can. A thread for each connection; they wait more than they work.
final class Front: Sendable {
  private static let header = "x-sandbox-front"
  private static let mostBytes = 64 << 20

  private let listener: Int32
  private let turnstile: Turnstile
  let port: UInt16

  init(port wanted: UInt16, turnstile: Turnstile) throws(Loopback.Failed) {
    (listener, port) = try Loopback.listener(port: wanted)
    self.turnstile = turnstile
  }

  enum Manner: String { case lostReply, truncated, slow, drip, unmeasured }

  /// For a reply that is to be spoilt on its way out.
  static func order(_ manner: Manner, _ reply: HTTPResponse, seconds: Int64 = 0) -> HTTPResponse {
    var reply = reply
    reply.headers[HTTPHeader(header)] = "\(manner.rawValue) \(seconds)"
    return reply
  }

  /// Does not return.
  func run(to inner: UInt16) {
    while true {
      let client = accept(listener, nil, nil)
      guard client >= 0 else {
        // Too many at once: some will go.
        usleep(10_000)
        continue
      }
      let thread = Thread { self.serve(client, inner) }
      thread.stackSize = 512 << 10
      thread.start()
    }
  }

  /// One connection, one request.
  private func serve(_ client: Int32, _ inner: UInt16) {
    defer { close(client) }
    do throws(RelayedRequest.Refused) {
      let request = try RelayedRequest(from: client)
      turnstile.enter(request.path)
      let last = Loopback.connection(to: inner).map { held(relayed(request, by: $0), for: client) }
      turnstile.leave(request.path)
      if let last { Loopback.write(last, to: client) }
    } catch {
      Loopback.write(Data(error.reply.utf8), to: client)
    }
  }

  private func relayed(_ request: RelayedRequest, by server: Int32) -> Data {
    defer { close(server) }
    return Loopback.write(request.bytes, to: server) ? Loopback.readAll(server, most: Self.mostBytes) : Data()
  }

  /// Does with a reply what it was told to, up to the bytes that may leave at once.
  private func held(_ reply: Data, for client: Int32) -> Data {
    guard let end = reply.range(of: Data("\r\n\r\n".utf8)) else { return Data() }
    var head = String(decoding: reply[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let order = RelayedRequest.value(of: Self.header, in: head)?.split(separator: " ") ?? []
    let (manner, seconds) = (
      order.first.flatMap { Manner(rawValue: String($0)) }, order.last.flatMap { Int64($0) } ?? 0
    )
    head.removeAll { RelayedRequest.isNamed(Self.header, $0) || RelayedRequest.isNamed("connection", $0) }
    if manner == .unmeasured { head.removeAll { RelayedRequest.isNamed("content-length", $0) } }
    let start = Data((head + ["Connection: close", "", ""]).joined(separator: "\r\n").utf8)
    let body = reply[end.upperBound...]
    switch manner {
    case .lostReply: return Data()
    case .truncated: return start + body.prefix(body.count / 2)
    case .slow: Loopback.wait(seconds, whileThereIs: client)
    case .drip: return drip(start + body, to: client)
    case .unmeasured, nil: break
    }
    return start + body
  }

  /// A byte at a time, as long as somebody listens; the last one is left.
  private func drip(_ bytes: Data, to client: Int32) -> Data {
    for byte in bytes.dropLast() {
      guard Loopback.write(Data([byte]), to: client) else { return Data() }
      usleep(100_000)
    }
    return bytes.suffix(1)
  }
}
