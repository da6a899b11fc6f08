import CustodyExchange
import CustodyJSON
import Testing

/// A provider that answers with a form, as GitHub does unless asked for JSON.
@Suite struct FormReplyTests {
  func preset(_ change: (inout JSONObject) throws -> Void = { _ in }) throws -> Preset {
    var object = try #require(Preset.named("github-app")?.json.object)
    var reply = try #require(object["reply"]?.object)
    reply["format"] = "form"
    object["reply"] = .object(reply)
    try change(&object)
    return try Preset(.object(object))
  }

  func outcome(_ body: String, status: Int = 200) throws -> Outcome {
    try ExchangeRequest(preset: preset(), connectorID: "id").outcome(over: FakeTransport { _ in (status, "", body) })
  }

  @Test func `a form has what JSON would have`() throws {
    let outcome = try outcome(
      "access_token=ghu%5F1%2b%26&expires_in=28800&refresh_token=ghr_2&refresh_token_expires_in=15897600&scope=repo%2Cuser&token_type=bearer"
    )
    #expect(outcome.error == nil)
    #expect(outcome.access == "ghu_1+&")
    #expect(outcome.refresh == "ghr_2")
    #expect(outcome.expires == 1_800_028_800_000)
    #expect(outcome.refreshExpires == 1_815_897_600_000)
    #expect(outcome.scopes == ["repo", "user"])
  }

  @Test func `an error in a form of status 200 is one`() throws {
    let error = try outcome("error=bad_refresh_token&error_description=The+refresh+token+is+no+%22good%22").error
    #expect(error?.code == .refusedByProvider)
    #expect(error?.providerText == "The refresh token is no \"good\"")
  }

  @Test(arguments: [
    "access_token=a&", "&access_token=a", "access_token=a&&x=y", "access_token=a&x=%zz", "access_token=a&x=%FF",
    "x&access_token=a",
    "access_token=a&x=ä", "access_token=a&=b", "\u{FEFF}access_token=a", "access_token=a&access%5Ftoken=a",
    "access_token=a&expires_in=-1",
  ])
  func `a form is read as browsers read it, and what is odd beside the token takes nothing from it`(body: String) throws
  {
    #expect(try outcome(body).access == "a")
  }

  @Test(arguments: [
    "access_token=a&access_token=b", "access_token=a&access%5Ftoken=b", "access_token", #"{"access_token":"a"}"#,
  ])
  func `two access tokens, and what is no form, are refused`(body: String) throws {
    #expect(try outcome(body).error?.code == .replyNotJSON)
  }

  @Test(arguments: ["access_token=%0d%0aX", "access_token=%4\u{1}", "access_token=ä", "access_token=a b"])
  func `what no token has is refused in a form too`(body: String) throws {
    #expect(try outcome(body).error?.code == .replyMalformed)
  }

  @Test func `an empty form has no access token, and a value may have an equals sign`() throws {
    #expect(try outcome("").error?.code == .replyIncomplete)
    #expect(try outcome("access_token=YQ==").access == "YQ==")
  }
}
