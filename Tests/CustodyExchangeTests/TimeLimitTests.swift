import CustodyExchange
import Foundation
import Testing

/// The time limit covers the whole exchange, and a connection that was never made leaves no doubt.
@Suite struct TimeLimitTests {
  /// A port on which the system answers and nobody accepts. With `isFull`, it does not even answer.
  final class MutePort {
    private(set) var port = 0
    private var sockets: [Int32] = []

    init(isFull: Bool = false) throws {
      let listener = try open()
      var address = Self.loopback(0)
      try #require(Self.with(&address) { bind(listener, $0, $1) } == 0)
      try #require(listen(listener, isFull ? 0 : 16) == 0)
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      _ = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &size) }
      }
      port = Int(UInt16(bigEndian: address.sin_port))
      // Connections that nobody accepts, until the queue is full.
      for _ in 0..<(isFull ? 4 : 0) {
        let visitor = try open()
        _ = fcntl(visitor, F_SETFL, O_NONBLOCK)
        _ = Self.with(&address) { connect(visitor, $0, $1) }
      }
    }

    deinit { sockets.forEach { close($0) } }

    private func open() throws -> Int32 {
      let new = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      try #require(new >= 0)
      sockets.append(new)
      return new
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = in_port_t(port).bigEndian
      address.sin_addr.s_addr = inet_addr("127.0.0.1")
      return address
    }

    private static func with(
      _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      }
    }
  }

  func failure(_ url: String) throws -> (error: ExchangeError?, took: Duration) {
    var request = ExchangeRequest(preset: try #require(Preset.test("oauth2/post")), connectorID: "id")
    request.endpoint = url
    request.timeLimit = .seconds(1)
    let start = ContinuousClock.now
    let error = try request.outcome().error
    return (error, ContinuousClock.now - start)
  }

  @Test(arguments: ["http", "https"]) func `a machine that does not answer has seen nothing`(scheme: String) throws {
    let full = try MutePort(isFull: true)
    let (error, took) = try failure("\(scheme)://127.0.0.1:\(full.port)/token")
    #expect(error?.code == .timedOut)
    #expect(error?.mayHaveArrived == false)
    #expect(.milliseconds(900)..<(.seconds(50)) ~= took)
  }

  @Test func `a server that never says its half of TLS has seen nothing`() throws {
    let mute = try MutePort()
    let (error, took) = try failure("https://127.0.0.1:\(mute.port)/token")
    #expect(error?.code == .timedOut)
    #expect(error?.mayHaveArrived == false)
    #expect(took < .seconds(50))
  }

  @Test func `a server that takes the request and says nothing may have acted`() throws {
    let mute = try MutePort()
    let (error, took) = try failure("http://127.0.0.1:\(mute.port)/token")
    #expect(error?.code == .timedOut)
    #expect(error?.mayHaveArrived == true)
    #expect(took < .seconds(50))
  }

  @Test func `a port that nobody listens on has seen nothing`() throws {
    let port: Int
    do { port = try MutePort().port }
    let (error, _) = try failure("http://127.0.0.1:\(port)/token")
    #expect(error?.code == .unreachable)
    #expect(error?.mayHaveArrived == false)
  }

  @Test(arguments: ["127.0.0.1", "localhost", "[::1]"]) func `this machine is reached by each of its names`(
    host: String
  ) throws {
    let server = try host == "[::1]" ? TokenServer(["--host", "::1"]) : #require(TokenServer.plain)
    let place = "host-\(host.filter(\.isLetter))"
    try server.script(place, Script(RawReplyTests.token))
    var request = ExchangeRequest(preset: try #require(Preset.test("oauth2/post")), connectorID: "id")
    request.endpoint = "http://\(host):\(server.port)/\(place)"
    request.timeLimit = .seconds(30)
    #expect(try request.outcome().access == "at-1")
    #expect(try server.seen(place).first?.contains("\r\nHost: \(host):\(server.port)\r\n") == true)
  }
}
