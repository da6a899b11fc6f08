import Foundation
import Glibc

/// HTTP by hand over 127.0.0.1: no cookie jar, no redirects followed, any Host.
struct Ask {
  var method = "GET"
  let path: String
  var headers: [String: String] = [:]
  var body = ""
}

struct Reply {
  struct Broken: Error { let text: String }

  let status: Int
  let headers: [String: String]
  let body: String

  init(_ text: String) throws {
    guard let end = text.range(of: "\r\n\r\n") else { throw Broken(text: text) }
    let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
    guard let code = lines.first?.split(separator: " ").dropFirst().first, let status = Int(code) else {
      throw Broken(text: text)
    }
    self.status = status
    let pairs = lines.dropFirst().map { line in
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      return (parts[0].lowercased(), parts.count == 2 ? parts[1] : "")
    }
    headers = Dictionary(pairs, uniquingKeysWith: { $1 })
    body = String(text[end.upperBound...])
  }

  func json() throws -> [String: Any] {
    guard let object = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] else {
      throw Broken(text: body)
    }
    return object
  }

  func string(_ name: String) throws -> String {
    guard let value = try json()[name] as? String else { throw Broken(text: body) }
    return value
  }

  func number(_ name: String) throws -> Int64 {
    guard let value = try json()[name] as? NSNumber else { throw Broken(text: body) }
    return value.int64Value
  }
}

extension RunningSandbox {
  func send(_ ask: Ask) throws -> Reply { try Reply(String(decoding: exchange(ask), as: UTF8.self)) }

  /// All that comes, to the end of the connection; or what has come after so many seconds.
  func exchange(_ ask: Ask, seconds: Int = 200) throws -> Data {
    let descriptor = try connection()
    defer { close(descriptor) }
    try write(text(of: ask), to: descriptor)
    let deadline = Date() + TimeInterval(seconds)
    var answer = Data()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let left = deadline.timeIntervalSinceNow, left > 0 {
      var wait = timeval(tv_sec: Int(left), tv_usec: Int((left - left.rounded(.down)) * 1_000_000))
      setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      answer.append(contentsOf: buffer[..<count])
    }
    return answer
  }

  /// Says a part of a request and leaves.
  func breakOff(_ text: String) throws {
    let descriptor = try connection()
    try write(text, to: descriptor)
    close(descriptor)
  }

  func text(of ask: Ask) -> String {
    var headers = ["Host": "127.0.0.1:\(port)", "Connection": "close", "Content-Length": "\(ask.body.utf8.count)"]
    headers.merge(ask.headers) { $1 }
    let head = headers.filter { !$0.value.isEmpty }.map { "\($0): \($1)\r\n" }.joined()
    return "\(ask.method) \(ask.path) HTTP/1.1\r\n\(head)\r\n\(ask.body)"
  }

  private func connection() throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard connected == 0 else {
      close(descriptor)
      throw Failed(reason: "connect: \(errno)")
    }
    return descriptor
  }

  private func write(_ text: String, to descriptor: Int32) throws {
    let bytes = Array(text.utf8)
    guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw Failed(reason: "send: \(errno)")
    }
  }
}
