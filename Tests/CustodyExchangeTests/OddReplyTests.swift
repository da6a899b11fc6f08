import CustodyEvidence
import CustodyExchange
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Oddities of a reply do not make it lost: the tokens in it are kept and handed out.
@Suite(.serialized) struct OddReplyTests {
  private static let grant = #""access_token":"at-1","refresh_token":"rt-2""#
  static let odd: [(body: String, warning: String?)] = [
    ("\u{FEFF}{\(grant),\"token_type\":\"bearer\"}", "byte order mark"),
    (#"{\#(grant),"scope":["a","b"]}"#, "scope is a list"),
    (#"{\#(grant),"scope":7}"#, "scope is no plain text"),
    (#"{\#(grant),"scope":["a",7]}"#, "scope is no plain text"),
    (#"{\#(grant),"expires_in":3600.0}"#, "taken for 3600"),
    (#"{\#(grant),"expires_in":0}"#, "it is not kept"),
    (#"{\#(grant),"expires_in":-1}"#, "it is not kept"),
    (#"{\#(grant),"expires_in":""}"#, "it is not kept"),
    (#"{\#(grant),"expires_in":30}"#, "60 s or less is not kept"),
    (#"{\#(grant),"token_type":"BearerToken"}"#, "token_type is not bearer"),
    (#"{\#(grant),"token_type":"bearer "}"#, "token_type is not bearer"),
    (#"{\#(grant),"token_type":"bearer","token_type":"mac"}"#, "token_type twice"),
    (#"{\#(grant),"expires_in":3600,"expires_in":60}"#, "expires_in twice"),
    // The odd fields here were not asked for, or are repeated with the same value.
    (#"{\#(grant),\#(grant),"expires_in":3600,"expires_in":3600}"#, nil),
    (#"{\#(grant),"user":"\ud83d","x":"\q","y":.5,"y":NaN}"#, nil),
    (
      "{\(grant),\"deep\":" + String(repeating: "[{\"a\":", count: 90) + "\"]\"" + String(repeating: "}]", count: 90)
        + "}", nil
    ),
    ("{\(grant)}\n\u{0}\u{0}", nil),
    (#"{\#(grant),"user\ud83d\u1e00":"\ud83d\ud83d","x":"\udc00\ud83d"}"#, nil),
  ]

  @Test(arguments: odd.indices) func `what is odd beside the tokens takes neither of them`(index: Int) throws {
    let (body, warning) = Self.odd[index]
    let story = try ExchangeStory()
    // The reply's life counts from the real clock.
    story.vault.clock.set(.now())
    try story.answer(body)
    let told = Locked<[Hint]>([])
    let got = try story.exchange { $0.warn = { words in told.withLock { $0.append(words) } } }
    #expect(got == .init(access: "at-1", rotated: true, kept: false))
    #expect(try story.value() == "rt-2")
    let warnings = told.withLock { $0 }
    #expect(warnings.count == (warning == nil ? 0 : 1), "\(warnings)")
    if let warning { #expect(warnings.first?.description.contains(warning) == true, "\(warnings)") }
    #expect(try story.entries().map(\.outcome) == [.ok])
    #expect(try story.requests() == 1)
  }

  @Test func `a text in another encoding than UTF-8 takes neither`() throws {
    let story = try ExchangeStory()
    let latin = Array(#"{"user":"J"#.utf8) + [0xFC] + Array(#"rg",\#(Self.grant)}"#.utf8)
    try story.server.script(story.place, Script(bytes: latin))
    #expect(try story.exchange().access == "at-1")
    #expect(try story.value() == "rt-2")
  }

  @Test func `scopes as a list, a byte order mark before the JSON and a lifetime of zero cost no token`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/cases")
    for (name, scopes) in [("r01-scope-array", ["a", "b"]), ("r02-reply-with-bom", []), ("r04-expires-zero", [])] {
      let data = try Data(contentsOf: folder.appendingPathComponent(name + ".json"))
      let given = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      let body = try JSONSerialization.data(withJSONObject: try #require(given["json"]))
      let mark: [UInt8] = given["enc"] as? String == "utf-8-sig" ? [0xEF, 0xBB, 0xBF] : []
      let story = try ExchangeStory()
      try story.server.script(story.place, Script(bytes: mark + Array(body)))
      let token = try story.vault.session(.dev).exchange("contoso/crm", how: .pipe)
      #expect(token.scopes == scopes && token.rotated && !token.warnings.isEmpty, "\(name)")
      #expect(text(token.value) == "at-1" && (token.expires == nil) == (name == "r04-expires-zero"))
      #expect(try story.value() == "rt-2")
    }
  }

  @Test func `an API address elsewhere is passed over, as every Zoho tenant in Canada has one`() throws {
    var request = ExchangeRequest(preset: try #require(Preset.named("zoho")), connectorID: "id")
    request.endpoint = "https://accounts.zohocloud.ca/oauth/v2/token"
    let body = #"{"access_token":"a","api_domain":"https://www.elsewhere.example","expires_in":3600}"#
    let outcome = try request.outcome(over: FakeTransport { _ in (200, "", body) })
    #expect(outcome.access == "a" && outcome.apiBase == nil)
    #expect(outcome.warnings.first?.contains("\"www.elsewhere.example\", which the preset does not allow") == true)
  }

  @Test(arguments: [
    #""refresh_token":"a b""#, #""refresh_token":7"#, #""refresh_token":"rt-2","refresh_token":"rt-3""#,
  ])
  func `a new refresh token of no use takes nothing from the access token, and leaves the old one in doubt`(
    flaw: String
  ) throws {
    for (provider, isInDoubt) in [("zoom", true), ("google", false), ("entra", false)] {
      let story = try ExchangeStory(provider: provider)
      try story.answer(#"{"access_token":"at-1","expires_in":3600,\#(flaw)}"#)
      #expect(try story.exchange() == .init(access: "at-1", rotated: false, kept: false))
      #expect(try story.exchange().kept)
      #expect(try story.value() == "refresh-1")
      let next = refusal { _ = try story.exchange { $0.isFresh = true } }
      #expect((next?.code == .outcomeUnknown) == isInDoubt)
      if isInDoubt { #expect(next?.reason.contains("refresh token") == true) }
    }
  }
}
