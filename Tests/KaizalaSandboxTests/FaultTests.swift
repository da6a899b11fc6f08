import Foundation
import Testing

/// Faults on demand, as a client sees them.
@Suite(.timeLimit(.minutes(20))) struct FaultTests {
  static let spoiling = [
    "wrong-type", "not-json", "duplicate-keys", "no-access-token", "odd-fields", "byte-order-mark",
  ]
  static let instead = [
    "huge", "html", "error-in-200", "308", "429", "500", "503", "500-bare", "503-bare", "403", "404", "408", "425",
    "echo",
  ]

  @Test(arguments: [true, false], ["lost-reply", "truncated"] + instead + spoiling)
  func `the provider has done its work before a fault, or has not`(acts: Bool, fault: String) throws {
    let realm = try Provider()
    let token = try realm.grant()
    try realm.order(fault, ["acts": acts])
    _ = try realm.sandbox.exchange(realm.ask("token", realm.refreshing(token) + realm.proof))
    #expect(try realm.live().contains(token) == !acts)
    #expect(try realm.count("requests") == 1)
    #expect(try realm.count("refreshes") == (acts ? 1 : 0))
  }

  @Test func `a fault comes as often as it was ordered, and none ends it`() throws {
    let realm = try Provider(["rotation": "never"])
    let token = try realm.grant()
    try realm.order("500", ["count": 2])
    #expect(try (0..<3).map { _ in try realm.refresh(token).status } == [500, 500, 200])
    try realm.order("500", ["count": 9])
    try realm.order("none", ["count": 0])
    #expect(try realm.refresh(token).status == 200)
  }

  @Test func `a lost reply is no byte`() throws {
    let realm = try Provider()
    let token = try realm.grant()
    try realm.order("lost-reply")
    #expect(try realm.sandbox.exchange(realm.ask("token", realm.refreshing(token) + realm.proof)).isEmpty)
    #expect(try realm.refresh(token).string("error") == "invalid_grant")
    #expect(try realm.count("family_kills") == 1)
  }

  @Test func `a truncated reply ends before the length that it told`() throws {
    let realm = try Provider()
    try realm.order("truncated")
    let reply = try realm.refresh(realm.grant())
    #expect(reply.status == 200)
    let length = try #require(reply.headers["content-length"].flatMap { Int($0) })
    #expect(reply.body.utf8.count == length / 2)
    #expect(reply.body.hasPrefix("{\"access_token\""))
  }

  @Test func `a slow reply comes after its seconds, and it is the right one`() throws {
    let realm = try Provider()
    let token = try realm.grant()
    try realm.order("slow", ["seconds": 2])
    let start = Date()
    let reply = try realm.refresh(token)
    #expect(Date().timeIntervalSince(start) >= 2)
    #expect(try realm.live() == [reply.string("refresh_token")])
  }

  @Test func `a dripping reply has begun and does not end soon`() throws {
    let realm = try Provider()
    let token = try realm.grant()
    try realm.order("drip")
    let come = try realm.sandbox.exchange(realm.ask("token", realm.refreshing(token) + realm.proof), seconds: 10)
    #expect((1...105).contains(come.count), "a byte each tenth of a second")
    #expect(come.starts(with: Data("HTTP/1".utf8).prefix(come.count)))
    #expect(try !realm.live().contains(token))
  }

  @Test func `a huge reply does not tell its length`() throws {
    let realm = try Provider()
    try realm.order("huge")
    let reply = try realm.refresh(realm.grant())
    #expect(reply.headers["content-length"] == nil)
    #expect(reply.body.utf8.count > 4 << 20)
  }

  @Test func `replies in place of the right one have the status and the type that they should`() throws {
    let realm = try Provider()
    let token = try realm.grant()
    func reply(_ fault: String, _ fields: [String: Any] = [:]) throws -> Reply {
      try realm.order(fault, fields.merging(["acts": false]) { $1 })
      return try realm.refresh(token)
    }
    let html = try reply("html")
    #expect(html.status == 200)
    #expect(html.headers["content-type"] == "text/html")
    let error = try reply("error-in-200")
    #expect(error.status == 200)
    #expect(try error.string("error") == "invalid_grant")
    let moved = try reply("308", ["location": "http://127.0.0.1:9/token"])
    #expect(moved.status == 308)
    #expect(moved.headers["location"] == "http://127.0.0.1:9/token")
    let throttled = try reply("429", ["seconds": 7])
    #expect(throttled.status == 429)
    #expect(throttled.headers["retry-after"] == "7")
    #expect(try reply("500").string("error") == "server_error")
    #expect(try reply("503", ["seconds": 5]).headers["retry-after"] == "5")
  }

  @Test func `what is spoilt in a reply is the one thing`() throws {
    let realm = try Provider()
    var token = try realm.grant()
    func reply(_ fault: String) throws -> Reply {
      try realm.order(fault)
      let reply = try realm.refresh(token)
      token = try Browser.first(/"refresh_token":"([^"]+)"/, in: reply.body)
      return reply
    }
    #expect(try reply("wrong-type").string("token_type") == "mac")
    let odd = try reply("not-json").body
    #expect(odd.hasSuffix("},"))
    #expect(try reply("duplicate-keys").body.components(separatedBy: "\"access_token\":").count == 3)
    #expect(try reply("no-access-token").json()["access_token"] == nil)
    #expect(try realm.live() == [token], "the new token of each was in its reply")
  }

  @Test(arguments: spoiling) func `a form is spoilt too`(fault: String) throws {
    let realm = try Provider(["reply_format": "form", "rotation": "never"])
    let token = try realm.grant()
    try realm.order(fault)
    let (spoilt, right) = (try realm.refresh(token).body, try realm.refresh(token).body)
    switch fault {
    case "wrong-type": #expect(spoilt.contains("token_type=mac"))
    case "not-json": #expect(spoilt.hasSuffix("%ZZ=%"))
    case "duplicate-keys": #expect(spoilt.hasPrefix("access_token=another&access_token="))
    case "odd-fields": #expect(spoilt.contains("expires_in=-1"))
    case "byte-order-mark": #expect(spoilt.hasPrefix("\u{FEFF}access_token=at-"))
    default: #expect(spoilt.hasPrefix("token=at-"))
    }
    #expect(right.hasPrefix("access_token=at-"))
  }

  @Test func `an echo repeats all that was sent, secrets too`() throws {
    let realm = try Provider()
    let token = try realm.grant()
    try realm.order("echo", ["acts": false])
    let reply = try realm.sandbox.send(realm.ask("token", realm.refreshing(token), headers: realm.basic()))
    #expect(reply.status == 400)
    let said = try reply.string("error_description")
    #expect(said.contains("refresh_token=" + token))
    #expect(said.contains(try #require(realm.basic()["Authorization"])))
  }

  @Test func `without its work a slow reply is a 503`() throws {
    let realm = try Provider()
    let token = try realm.grant()
    try realm.order("slow", ["acts": false])
    #expect(try realm.refresh(token).status == 503)
    #expect(try realm.live() == [token])
  }
}
