import Foundation
import Testing

/// An answer of the server.
struct Script {
  var status = 200
  var headers: [[String]] = [["Content-Type", "application/json"]]
  var body: [UInt8] = []
  var behave: String?
  var gzip = false
  var delay = 0.0

  init(_ body: String, status: Int = 200) { (self.body, self.status) = (Array(body.utf8), status) }
  init(bytes: [UInt8]) { body = bytes }
  /// An answer given byte for byte, from the status line on.
  init(raw: String, forever: Bool = false) {
    (body, behave) = (Array(raw.utf8), forever ? "raw-forever" : "raw")
  }
  init(behave: String) { self.behave = behave }
}

/// A running bad_token_server.py, until the tests end. Tests talk to it through a plain socket, so that they don't
/// depend on the client under test.
final class TokenServer: Sendable {
  static let plain = try? TokenServer([])

  let port: Int
  private let controlPort: Int

  init(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Servers/bad_token_server.py").path
    process.arguments = ["python3", "-W", "ignore", script] + arguments
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    var line = ""
    while !line.hasSuffix("\n") {
      let more = output.fileHandleForReading.availableData
      try #require(!more.isEmpty, "the token server did not start")
      line += String(decoding: more, as: UTF8.self)
    }
    let ports = line.split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
    try #require(ports.count == 2, "\(line)")
    (port, controlPort) = (ports[0], ports[1])
    Self.keep.withLock { $0.append((process, input)) }
  }

  // The server ends when its standard input does, which is when this process ends.
  private static let keep = Locked<[(Process, Pipe)]>([])

  func script(_ name: String, _ script: Script) throws { try self.script(name, [script]) }

  /// Sets the answers, given in turn; the last one is repeated.
  func script(_ name: String, _ scripts: [Script]) throws {
    let list = scripts.map { script in
      var fields: [String: Any] = [
        "status": script.status, "headers": script.headers, "body": Data(script.body).base64EncodedString(),
        "gzip": script.gzip, "delay": script.delay,
      ]
      fields["behave"] = script.behave
      return fields
    }
    _ = try control("POST", "/script/" + name, JSONSerialization.data(withJSONObject: list))
  }

  /// Every request to `/name`, byte for byte.
  func seen(_ name: String) throws -> [String] {
    let list = try JSONSerialization.jsonObject(with: control("GET", "/seen/" + name, Data())) as? [String]
    return try #require(list).map { String(decoding: try #require(Data(base64Encoded: $0)), as: UTF8.self) }
  }

  /// Counts of what reached the server, with or without a request.
  struct Tally: Decodable, Equatable {
    let connections, handshakes, bytes: Int
    /// The TLS version and the protocol of each handshake.
    let protocols: [[String?]]
  }

  func tally() throws -> Tally { try JSONDecoder().decode(Tally.self, from: control("GET", "/tally", Data())) }

  private func control(_ method: String, _ path: String, _ body: Data) throws -> Data {
    let head = Data("\(method) \(path) HTTP/1.1\r\nContent-Length: \(body.count)\r\n\r\n".utf8)
    let reply = try PlainSocket(to: controlPort).ask(head + body)
    let end = try #require(reply.range(of: Data("\r\n\r\n".utf8)))
    return reply[end.upperBound...]
  }
}

final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value
  init(_ value: Value) { self.value = value }
  func withLock<R>(_ body: (inout Value) throws -> R) rethrows -> R {
    lock.lock()
    defer { lock.unlock() }
    return try body(&value)
  }
}
