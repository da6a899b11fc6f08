import FlyingFox
import Foundation
import Glibc

/// The port that people and clients speak to: it hands each request to the HTTP server behind it, and spoils the reply where it
/// was told to, in ways that only the socket's owner can. A thread for each connection; they wait more than they work.
final class Front: Sendable {
  private static let header = "x-sandbox-front"
  private static let mostBytes = 1 << 20

  private let listener: Int32
  let port: UInt16

  struct Failed: Error { let code: Int32 }

  init(port wanted: UInt16) throws(Failed) {
    let opened = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard opened >= 0 else { throw Failed(code: errno) }
    var on: Int32 = 1
    setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = Self.loopback(wanted)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = Self.withAddress(&address) { bind(opened, $0, size) } == 0
    guard isBound, listen(opened, 256) == 0, Self.withAddress(&address, { getsockname(opened, $0, &size) }) == 0
    else { throw Failed(code: errno) }
    (listener, port) = (opened, UInt16(bigEndian: address.sin_port))
  }

  /// For a reply that is to be spoilt on its way out.
  static func order(_ manner: String, _ seconds: Int64, _ reply: HTTPResponse) -> HTTPResponse {
    var reply = reply
    reply.headers[HTTPHeader(header)] = "\(manner) \(seconds)"
    return reply
  }

  /// Does not return.
  func run(to inner: UInt16) {
    while true {
      let client = accept(listener, nil, nil)
      guard client >= 0 else { continue }
      let thread = Thread { Self.serve(client, inner) }
      thread.stackSize = 512 << 10
      thread.start()
    }
  }

  // MARK: One connection, one request

  private static func serve(_ client: Int32, _ inner: UInt16) {
    defer { close(client) }
    guard let request = readRequest(client) else { return }
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(server) }
    var address = loopback(inner)
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    guard withAddress(&address, { connect(server, $0, size) }) == 0, write(request, to: server) else { return }
    deliver(readAll(server), to: client)
  }

  /// With `Connection: close`, so that the reply's end is the connection's.
  private static func readRequest(_ client: Int32) -> Data? {
    var bytes = Data()
    while bytes.count < mostBytes {
      guard let end = bytes.range(of: Data("\r\n\r\n".utf8)) else {
        guard read(client, into: &bytes) else { return nil }
        continue
      }
      let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
      let length =
        head.first { $0.lowercased().hasPrefix("content-length:") }
        .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
      if bytes.count - end.upperBound < length {
        guard read(client, into: &bytes) else { return nil }
        continue
      }
      let kept = head.filter { !$0.lowercased().hasPrefix("connection:") } + ["Connection: close", "", ""]
      return Data(kept.joined(separator: "\r\n").utf8) + bytes[end.upperBound...]
    }
    return nil
  }

  private static func deliver(_ reply: Data, to client: Int32) {
    guard let end = reply.range(of: Data("\r\n\r\n".utf8)) else { return }
    var head = String(decoding: reply[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    let order = head.first { $0.lowercased().hasPrefix(header + ":") }?.dropFirst(header.count + 1)
      .split(separator: " ").map(String.init)
    head.removeAll { $0.lowercased().hasPrefix(header + ":") || $0.lowercased().hasPrefix("connection:") }
    let start = Data((head + ["Connection: close", "", ""]).joined(separator: "\r\n").utf8)
    let body = reply[end.upperBound...]
    let seconds = order.flatMap { $0.last }.flatMap { UInt32($0) } ?? 0
    switch order?.first {
    case "lost-reply": return
    case "truncated": _ = write(start + body.prefix(body.count / 2), to: client)
    case "slow":
      sleep(seconds)
      _ = write(start + body, to: client)
    case "drip": drip(start + body, to: client)
    default: _ = write(start + body, to: client)
    }
  }

  /// A byte at a time, as long as somebody listens.
  private static func drip(_ bytes: Data, to client: Int32) {
    for byte in bytes {
      guard write(Data([byte]), to: client) else { return }
      usleep(100_000)
    }
  }

  // MARK: Sockets

  private static func readAll(_ socket: Int32) -> Data {
    var bytes = Data()
    while bytes.count < 64 << 20, read(socket, into: &bytes) {}
    return bytes
  }

  private static func read(_ socket: Int32, into bytes: inout Data) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &buffer, buffer.count, 0)
    guard count > 0 else { return false }
    bytes.append(contentsOf: buffer[..<count])
    return true
  }

  private static func write(_ bytes: Data, to socket: Int32) -> Bool {
    var rest = [UInt8](bytes)[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return address
  }

  private static func withAddress(_ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Int32)
    -> Int32
  {
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
    }
  }
}
