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
  func send(_ ask: Ask) throws -> Reply {
    var headers = ["Host": "127.0.0.1:\(port)", "Connection": "close", "Content-Length": "\(ask.body.utf8.count)"]
    headers.merge(ask.headers) { $1 }
    let head = headers.filter { !$0.value.isEmpty }.map { "\($0): \($1)\r\n" }.joined()
    return try Reply(exchange("\(ask.method) \(ask.path) HTTP/1.1\r\n\(head)\r\n\(ask.body)"))
  }

  private func exchange(_ text: String) throws -> String {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var wait = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard connected == 0 else { throw Failed(reason: "connect: \(errno)") }
    let bytes = Array(text.utf8)
    guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw Failed(reason: "send: \(errno)")
    }
    var answer = Data()
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
      answer.append(contentsOf: buffer[..<count])
    }
    return String(decoding: answer, as: UTF8.self)
  }
}
