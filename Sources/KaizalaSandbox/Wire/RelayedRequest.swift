import Foundation

/// A request as the front read it, with `Connection: close`, so that the reply's end is the connection's.
struct RelayedRequest {
  private static let mostBytes = 1 << 20

  let bytes: Data
  let path: String

  /// What the front answers by itself.
  enum Refused: Error {
    case gone, chunked, tooLong

    var reply: String {
      switch self {
      case .gone: ""
      case .chunked: "HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
      case .tooLong: "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
      }
    }
  }

  init(from client: Int32) throws(Refused) {
    var read = Data()
    let mark = Data("\r\n\r\n".utf8)
    while read.range(of: mark) == nil {
      guard read.count < Self.mostBytes else { throw .tooLong }
      guard Loopback.read(client, into: &read) else { throw .gone }
    }
    let end = read.range(of: mark) ?? read.endIndex..<read.endIndex
    let head = String(decoding: read[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
    guard Self.value(of: "transfer-encoding", in: head) == nil else { throw .chunked }
    let length = Self.value(of: "content-length", in: head).flatMap { Int($0) } ?? 0
    guard length <= Self.mostBytes else { throw .tooLong }
    while read.count - end.upperBound < length {
      guard Loopback.read(client, into: &read) else { throw .gone }
    }
    let kept = head.filter { !Self.isNamed("connection", $0) } + ["Connection: close", "", ""]
    bytes = Data(kept.joined(separator: "\r\n").utf8) + read[end.upperBound...]
    let target = head[0].split(separator: " ").dropFirst().first ?? ""
    path = String(target.prefix { $0 != "?" })
  }

  static func isNamed(_ name: String, _ line: String) -> Bool { line.lowercased().hasPrefix(name + ":") }

  static func value(of name: String, in head: [String]) -> String? {
    head.first { isNamed(name, $0) }.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
  }
}
