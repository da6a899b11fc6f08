import Custody
@testable import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

@Suite(.serialized, .waiting) struct DeviceLoginTests {
  private static let code =
    #"{"device_code":"device-secret","user_code":"WDJB-MJHT","verification_uri":"https://acme.example/device","verification_uri_complete":"https://acme.example/device?user_code=WDJB-MJHT","expires_in":300,"interval":1}"#

  private static func refused(_ error: String) -> Script { Script(#"{"error":"\#(error)"}"#, status: 400) }
  private static let granted = Script(#"{"access_token":"a","token_type":"Bearer","refresh_token":"refresh-9"}"#)

  private func begun(_ story: LoginStory, _ answers: [Script], code: String = code) throws -> DeviceLogin {
    try story.answer("device", code)
    try story.server.script("\(story.place)-token", answers)
    return try DeviceLogin(story.login())
  }

  private func failure(_ story: LoginStory, _ answers: [Script], code: String = code) -> VaultError? {
    refusal { _ = try begun(story, answers, code: code).finish() }
  }

  @Test func `a code that somebody types brings a refresh token, and is asked for as often as was said`() throws {
    let story = try LoginStory(scope: "crm.read")
    let login = try begun(
      story, [Self.refused("authorization_pending"), Self.refused("authorization_pending"), Self.granted])
    #expect(login.userCode == "WDJB-MJHT")
    #expect(login.address == "https://acme.example/device")
    #expect(login.wholeAddress == "https://acme.example/device?user_code=WDJB-MJHT")
    let start = ContinuousClock.now
    let grant = try login.finish()
    #expect(ContinuousClock.now - start >= .seconds(3))
    #expect(grant.source == .device)
    #expect(text(grant.takeToken()) == "refresh-9")
    // RFC 8628, section 3.1: a client with a secret authenticates here too.
    let asked = try #require(try story.seen("device").first)
    #expect(asked.contains("Authorization: Basic "))
    #expect(fields(body(asked)) == ["client_id": "client 1", "scope": "crm.read"])
    let polls = try story.seen("token")
    #expect(polls.count == 3)
    for poll in polls {
      #expect(
        fields(body(poll)) == [
          "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "device-secret",
        ])
    }
  }

  @Test func `a provider that wants the ID alone gets no secret`() throws {
    let story = try LoginStory { preset in
      var device = preset["device"]?.object ?? [:]
      device["without_client"] = true
      preset["device"] = .object(device)
    }
    _ = try begun(story, [])
    let asked = try #require(try story.seen("device").first)
    #expect(!asked.contains("Authorization"))
    #expect(fields(body(asked)) == ["client_id": "client 1"])
  }

  @Test(arguments: [
    ("access_denied", "said no"), ("expired_token", "has expired"), ("invalid_grant", "did not take the code"),
  ])
  func `the end of it is told, and nothing is stored`(error: String, words: String) throws {
    let story = try LoginStory()
    let failure = failure(story, [Self.refused(error)])
    #expect(failure?.code == .refusedByProvider)
    #expect(failure?.reason.contains(words) == true)
    #expect(failure?.reason.contains("device-secret") == false)
    #expect(try story.entries(.tokenStore).map(\.outcome) == [.error])
  }

  @Test func `a code that nobody types ends by this machine's own clock`() throws {
    let story = try LoginStory()
    let code = Self.code.replacing(#""expires_in":300"#, with: #""expires_in":2"#)
    let start = ContinuousClock.now
    let failure = failure(story, [Self.refused("authorization_pending")], code: code)
    #expect(failure?.code == .timedOut)
    #expect(ContinuousClock.now - start < .seconds(40))
  }

  @Test func `what fails on the way is tried again`() throws {
    let story = try LoginStory()
    let login = try begun(story, [Script(behave: "close"), Script("down", status: 503), Self.granted])
    #expect(text(try login.finish().takeToken()) == "refresh-9")
  }

  @Test func `the pace slows down by five seconds, by doubling, or as the provider says, and never quickens`() {
    func error(_ code: ExchangeError.Code, _ said: String? = nil, wait: Int? = nil) -> ExchangeError {
      var error = ExchangeError(code, "as a test says")
      (error.providerCode, error.retryAfter) = (said, wait)
      return error
    }
    var pace = PollingPace(interval: .seconds(5))
    for (error, pause) in [
      (error(.requestRefused, "authorization_pending"), 5), (error(.requestRefused, "slow_down"), 10),
      (error(.throttled, "slow_down"), 15), (error(.timedOut), 30), (error(.unreachable), 60), (error(.replyLost), 60),
      (error(.providerFailed, wait: 90), 90), (error(.requestRefused, "slow_down"), 95),
    ] {
      let goesOn = pace.goesOn(after: error)
      #expect(goesOn)
      #expect(pace.pause == .seconds(pause), "\(error.code)")
    }
    for code: ExchangeError.Code in [.refusedByProvider, .wrongClient, .requestRefused, .tlsFailed, .replyMalformed] {
      let goesOn = pace.goesOn(after: error(code, "access_denied"))
      #expect(!goesOn)
    }
  }

  private static let broken = [
    (#"{"user_code":"A","verification_uri":"https://a.example/"}"#, "replyIncomplete"),
    (#"{"device_code":"","user_code":"A","verification_uri":"https://a.example/"}"#, "replyIncomplete"),
    (#"{"device_code":"d","verification_uri":"https://a.example/"}"#, "replyIncomplete"),
    (#"{"device_code":"d","user_code":"A\u001b[2J","verification_uri":"https://a.example/"}"#, "replyIncomplete"),
    (#"{"device_code":"d","user_code":"A"}"#, "replyIncomplete"),
    (#"{"device_code":"d","user_code":"A","verification_uri":"http://a.example/"}"#, "replyMalformed"),
    (#"{"device_code":"d","user_code":"A","verification_uri":"javascript:alert(1)"}"#, "replyMalformed"),
    (
      #"{"device_code":"d","device_code":"e","user_code":"A","verification_uri":"https://a.example/"}"#,
      "replyNotJSON"
    ),
    ("<!doctype html>", "replyNotJSON"), (#"{"error":"unauthorized_client"}"#, "wrongClient"),
  ]

  @Test func `a device code that is not whole is none`() throws {
    let story = try LoginStory()
    let login = try story.login()
    for (answer, code) in Self.broken {
      try story.answer("device", answer)
      #expect(refusal { _ = try DeviceLogin(login) }?.code.name == code, "\(answer)")
    }
    #expect(try story.seen("token").isEmpty)
  }

  @Test func `Google's word for the page is taken too, and a page that is none is left out`() throws {
    let story = try LoginStory()
    let login = try begun(
      story, [],
      code:
        #"{"device_code":"d","user_code":"A","verification_url":"https://a.example/","verification_uri_complete":"x"}"#)
    #expect(login.address == "https://a.example/")
    #expect(login.wholeAddress == nil)
  }
}
