import Foundation
import Testing

/// Many clients at once, and clients that die.
@Suite(.timeLimit(.minutes(20))) struct CrowdTests {
  /// Each a process of its own, as those of a test of concurrent exchanges are.
  private final class Client {
    private let process = Process()
    private let output = Pipe()

    init(_ realm: Provider, _ fields: [(String, String)]) throws {
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = [
        "curl", "-sS", "-m", "60", "-d", Browser.form(fields + realm.proof), realm["token_endpoint"],
      ]
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
    }

    func answer() throws -> String {
      let said = try output.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      return String(decoding: said, as: UTF8.self)
    }

    func kill() {
      Foundation.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
  }

  @Test func `fifty processes at once are all answered`() throws {
    let realm = try Provider(["rotation": "never"])
    let fields = realm.refreshing(try realm.grant())
    let clients = try (0..<50).map { _ in try Client(realm, fields) }
    for client in clients { #expect(try client.answer().contains("\"access_token\":\"at-")) }
    #expect(try realm.count("refreshes") == 50)
  }

  @Test func `of fifty who send one strict token at once one wins`() throws {
    let realm = try Provider(["reuse_kills_family": false])
    let fields = realm.refreshing(try realm.grant())
    let clients = try (0..<50).map { _ in try Client(realm, fields) }
    #expect(try clients.filter { try $0.answer().contains("access_token") }.count == 1)
    #expect(try realm.count("reuses") == 49)
    #expect(try realm.live().count == 1)
  }

  @Test func `requests are under way until their reply leaves, and clients killed meanwhile hurt nobody`() throws {
    let realm = try Provider(["rotation": "never"])
    let fields = realm.refreshing(try realm.grant())
    try realm.order("slow", ["seconds": 600, "count": 50])
    let clients = try (0..<50).map { _ in try Client(realm, fields) }
    let deadline = Date() + 300
    while try realm.count("in_flight_most") < 50, Date() < deadline { usleep(50_000) }
    #expect(try realm.count("in_flight_most") == 50)
    for client in clients { client.kill() }
    #expect(try realm.refresh(fields[1].1).status == 200)
    #expect(try realm.count("refreshes") == 51)
  }

  @Test func `one request after another is never two at a time`() throws {
    let realm = try Provider(["rotation": "never"])
    let token = try realm.grant()
    for _ in 0..<30 { #expect(try realm.refresh(token).status == 200) }
    #expect(try realm.count("in_flight_most") == 1)
  }

  @Test func `a request that breaks off is none`() throws {
    let realm = try Provider()
    let token = try realm.grant()
    let whole = realm.sandbox.text(of: realm.ask("token", realm.refreshing(token) + realm.proof))
    for length in [1, whole.utf8.count / 2, whole.utf8.count - 1] {
      try realm.sandbox.breakOff(String(decoding: whole.utf8.prefix(length), as: UTF8.self))
    }
    #expect(try realm.count("requests") == 0)
    #expect(try realm.refresh(token).status == 200)
  }

  @Test func `a body without its length is refused and one that is too long as well`() throws {
    let realm = try Provider()
    var ask = realm.ask(
      "token", realm.refreshing("x"), headers: ["Transfer-Encoding": "chunked", "Content-Length": ""])
    #expect(try realm.sandbox.send(ask).status == 411)
    ask.headers = ["Content-Length": "99999999"]
    #expect(try realm.sandbox.send(ask).status == 413)
  }
}
