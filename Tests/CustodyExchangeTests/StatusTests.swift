import Custody
import CustodyExchange
import CustodyValues
import CustodyTesting
import Testing

/// A status that means refusal leaves no doubt, and the next exchange asks again.
@Suite(.serialized, .waiting) struct StatusTests {
  static let providers = ["oauth2", "zoom", "entra"]
  static let bodies = ["", "<html>", #"{"message":"no"}"#, #"{"error":"other"}"#]

  @Test(arguments: providers, [400, 401, 403, 404, 408, 422, 425, 429])
  func `a 4xx refuses this request, readable or not`(provider: String, status: Int) throws {
    let story = try ExchangeStory(provider: provider)
    for body in Self.bodies {
      try story.answer(body, status: status)
      let error = refusal { _ = try story.exchange { $0.timeLimit = .seconds(2) } }
      #expect(error?.code != .outcomeUnknown && error?.code != .refusedByProvider)
      #expect([.throttled, .providerFailed].contains(error?.code) == [408, 425, 429].contains(status))
      #expect(error?.reason.contains("(HTTP \(status))") == true, "\(error?.reason ?? "")")
      let life = try story.vault.session(.dev).tokenLife("contoso/crm")
      #expect(life.last?.outcome == .failed)
    }
    #expect(try story.vault.session(.dev).check("contoso/crm").verdict == .fine)
    let calendar = try story.vault.session(.audrey).deathCalendar()
    #expect(!calendar.deadlines.contains { $0.end == .lost || $0.end == .refused })
    try story.answer(access: "access-1")
    #expect(try story.exchange().access == "access-1")
    #expect(try story.value() == "refresh-1")
  }

  @Test(
    arguments: providers,
    [
      (503, "", "1"), (500, #"{"error":"temporarily_unavailable"}"#, nil), (503, "<html>", "1"),
      (502, #"{"error":"server_error"}"#, nil),
    ] as [(Int, String, String?)])
  func `a 5xx in the provider's own words is a no that is asked again later`(
    provider: String, answer: (status: Int, body: String, wait: String?)
  ) throws {
    let story = try ExchangeStory(provider: provider)
    var script = Script(answer.body, status: answer.status)
    if let wait = answer.wait { script.headers.append(["Retry-After", wait]) }
    try story.server.script(story.place, script)
    let error = refusal { _ = try story.exchange { $0.timeLimit = .seconds(2) } }
    #expect(error?.code == .providerFailed)
    #expect(error?.reason.contains("(HTTP \(answer.status))") == true)
    story.vault.clock.advance(days: 1)
    try story.answer(access: "access-1")
    #expect(try story.exchange().access == "access-1")
  }

  static let bare = [
    "", "<html>", #"{"error":"Bad Gateway","status":502}"#, #"{"message":"Endpoint request timed out"}"#,
  ]

  @Test(arguments: [("oauth2", true), ("zoom", true), ("salesforce", true), ("google", false), ("entra", false)], bare)
  func `a bare 5xx leaves a doubt only where the old token would be dead`(
    provider: (id: String, isInDoubt: Bool), body: String
  ) throws {
    let story = try ExchangeStory(provider: provider.id)
    try story.answer(body, status: 502)
    let error = refusal { _ = try story.exchange { $0.timeLimit = .seconds(2) } }
    #expect(error?.code == (provider.isInDoubt ? .outcomeUnknown : .providerFailed))
    #expect(error?.reason.contains("(HTTP 502)") == true)
    try story.answer(access: "access-1")
    let calendar = try story.vault.session(.audrey).deathCalendar()
    let lost = calendar.deadlines.first { $0.end == .lost }
    #expect((lost != nil) == provider.isInDoubt)
    // The token may be alive.
    #expect(lost?.isDead(at: story.vault.clock.now()) != true)
    #expect(try story.vault.session(.dev).check("contoso/crm").verdict == .fine)
    guard provider.isInDoubt else { return #expect(try story.exchange().access == "access-1") }
    #expect(refusal { _ = try story.exchange() }?.code == .outcomeUnknown)
  }

  @Test(arguments: [true, false]) func `what rotates is learnt from what exchanges brought`(rotates: Bool) throws {
    let story = try ExchangeStory()
    try story.answer(access: "access-1", refresh: rotates ? "refresh-2" : nil)
    _ = try story.exchange()
    try story.answer("<html>", status: 500)
    let error = refusal { _ = try story.exchange { ($0.isFresh, $0.timeLimit) = (true, .seconds(2)) } }
    #expect(error?.code == (rotates ? .outcomeUnknown : .providerFailed))
    try story.answer(access: "access-2")
    let next = refusal { _ = try story.exchange { $0.isFresh = true } }
    #expect(next?.code == (rotates ? .outcomeUnknown : nil))
    let due = try story.vault.session(.audrey).deathCalendar().deadlines
    #expect(due.contains { $0.end == .lost } == rotates)
  }

  @Test func `an endpoint that was not the provider's is corrected, and what it said forgotten`() throws {
    for (answer, status, code) in [
      ("<html>", 502, "outcomeUnknown"), (#"{"error":"invalid_grant"}"#, 400, "refusedByProvider"),
    ] {
      let story = try ExchangeStory(provider: "zoom")
      try story.answer(answer, status: status)
      #expect(refusal { _ = try story.exchange() }?.code.name == code)
      let right = story.place + "-right"
      let reply = #"{"access_token":"access-1","token_type":"bearer","expires_in":3600}"#
      try story.server.script(right, Script(reply))
      let dev = try story.vault.session(.dev)
      try dev.commit {
        try $0.changeConnector("crm") { $0.endpoint = "http://127.0.0.1:\(story.server.port)/\(right)" }
      }
      let ada = try story.vault.session(.ada)
      try dev.commit { try $0.share(.connector, "crm", Share(with: "ada")) }
      let last = try #require(try ada.lastExchange(of: ada.token("contoso/crm").id))
      #expect(last.outcome.rawValue == (status == 502 ? "unknown" : "refused"))
      let shown = try ada.shownDestinations(of: "contoso/crm").now
      try ada.commit { try $0.confirm("contoso/crm", to: shown) }
      // The admin says if the old endpoint was the provider's.
      #expect(refusal { _ = try story.exchange() }?.code.name == code)
      try ada.commit { try $0.confirm("contoso/crm", to: shown, keepingDoubt: false) }
      #expect(try story.exchange().access == "access-1")
      _ = try story.vault.session(.audrey).verifyLog()
    }
  }
}
