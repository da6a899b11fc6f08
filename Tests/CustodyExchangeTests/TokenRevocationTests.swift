import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Revocations: the provider comes first, and the log says "revoked" only if it confirmed.
@Suite(.serialized, .waiting) struct TokenRevocationTests {
  private func revoke(_ story: LoginStory, _ person: Person = .ada) throws -> Revocation {
    try story.vault.session(person).revoke("contoso/crm", reason: "left", patience: .milliseconds(300))
  }

  private func isInUse(_ story: LoginStory) throws -> Bool {
    try story.vault.session(.ada).contains(.token, "contoso/crm")
  }

  @Test(arguments: ["", "{}", #"{"status":"success"}"#])
  func `what the provider confirmed is on record`(answer: String) throws {
    let story = try LoginStory()
    try story.store()
    try story.answer("revoke", answer)
    let done = try revoke(story)
    #expect(done.confirmed == story.vault.clock.now())
    #expect(done.doubt == nil)
    #expect(try !isInUse(story))
    let entry = try #require(try story.entries(.tokenRetire).first)
    #expect(entry.outcome == .ok && entry.time(.revoked) == done.confirmed)
    let asked = try #require(try story.seen("revoke").first)
    #expect(asked.contains("Authorization: Basic "))
    #expect(fields(body(asked)) == ["token": "refresh-1"])
    _ = try story.vault.session(.audrey).verifyLog()
  }

  private static let refusals: [(status: Int, answer: String, code: String)] = [
    (503, #"{"error":"temporarily_unavailable"}"#, "providerFailed"),
    (400, #"{"error":"unsupported_token_type"}"#, "requestRefused"),
    (401, #"{"error":"invalid_client"}"#, "wrongClient"), (200, #"{"error":"invalid_client"}"#, "wrongClient"),
    (200, #"{"ok":false}"#, "requestRefused"), (400, #"{"error":"invalid_grant"}"#, "refusedByProvider"),
    (404, "<h1>Not here</h1>", "requestRefused"), (302, "", "redirected"), (429, "", "throttled"),
  ]

  @Test func `what the provider did not confirm retires nothing, and that it was tried is on record`() throws {
    let story = try LoginStory()
    try story.store()
    let session = try story.vault.session(.ada)
    for (status, answer, code) in Self.refusals {
      var script = Script(answer, status: status)
      script.headers.append(["Retry-After", "7"])
      try story.server.script("\(story.place)-revoke", script)
      let error = refusal { _ = try session.revoke("contoso/crm") }
      #expect(error?.code.name == code, "\(answer)")
      #expect(error?.reason.contains("nothing was retired") == true)
      if status == 503 { #expect(error?.hint?.description.contains("wait 7 s") == true) }
      if answer.contains("unsupported") {
        #expect(error?.hint == "take the app's access back; then leave out \(step: .leaveOut(.revoke))")
      }
    }
    var page = Script("<!doctype html><title>Sign in</title>")
    page.headers = [["Content-Type", "text/html; charset=utf-8"]]
    try story.server.script("\(story.place)-revoke", page)
    #expect(refusal { _ = try session.revoke("contoso/crm") }?.code == .replyNotJSON)
    try story.server.script("\(story.place)-revoke", Script(behave: "close"))
    #expect(refusal { _ = try session.revoke("contoso/crm") }?.code == .replyLost)
    #expect(try isInUse(story))
    #expect(try story.value() == "refresh-1")
    let entries = try story.entries(.tokenRetire)
    #expect(entries.count == Self.refusals.count + 2)
    #expect(entries.allSatisfy { $0.outcome == .error && $0.time(.revoked) == nil })
    // The token is released, so the next call may try at once.
    try story.answer("revoke", "")
    #expect(try revoke(story).confirmed != nil)
  }

  @Test func `after a crash between the provider and the record it is done again`() throws {
    let story = try LoginStory()
    try story.store()
    try story.answer("revoke", "")
    // The process ended after it had the confirmation.
    let session = try story.vault.session(.ada)
    guard case .claimed = try session.beginRevocation("contoso/crm", stalled: nil, asks: { _ in true }) else {
      throw VaultError(.failed, "it is held")
    }
    #expect(refusal { _ = try revoke(story) }?.code == .busy)
    try story.raw("UPDATE exchange SET owner = NULL")
    #expect(try story.value() == "refresh-1")
    #expect(try story.entries(.tokenRetire).isEmpty)
    #expect(try revoke(story).confirmed != nil)
    #expect(try !isInUse(story))
  }

  @Test func `nobody exchanges a token while it is being revoked, and nobody revokes it during an exchange`() throws {
    let story = try LoginStory()
    try story.store()
    try story.answer("revoke", "")
    let session = try story.vault.session(.ada)
    let claim = try session.claim("contoso/crm")
    #expect(refusal { _ = try revoke(story) }?.code == .busy)
    #expect(try story.seen("revoke").isEmpty)
    _ = try session.finishExchange(
      claim, how: .pipe,
      ExchangeAnswer(
        accessToken: secret("access"), refreshToken: secret("refresh-2"),
        facts: .init(obtained: story.vault.clock.now())))
    // The new token is the one that is revoked.
    #expect(try revoke(story).confirmed != nil)
    #expect(try story.seen("revoke").map { fields(body($0))["token"] } == ["refresh-2"])
  }

  @Test func `what an admin stored meanwhile is not retired as revoked`() throws {
    let story = try LoginStory()
    try story.store()
    try story.answer("revoke", "", delay: 1)
    let done = DispatchSemaphore(value: 0)
    Thread {
      usleep(300_000)
      do {
        try story.vault.session(.ada).commit { try $0.rotate(.token, "contoso/crm", secret: secret("refresh-2")) }
      } catch { Issue.record(error) }
      done.signal()
    }.start()
    let error = refusal { _ = try revoke(story) }
    done.wait()
    #expect(error?.code == .conflict)
    #expect(error?.reason.contains("another refresh token was stored meanwhile") == true)
    #expect(try story.value() == "refresh-2")
    #expect(try story.entries(.tokenRetire).map(\.outcome) == [.error])
  }

  @Test func `where an exchange was cut off the log does not say revoked`() throws {
    let story = try LoginStory()
    try story.store()
    try story.answer("revoke", "")
    _ = try story.vault.session(.ada).claim("contoso/crm")
    try story.raw("UPDATE exchange SET owner = NULL")
    let done = try revoke(story)
    #expect(done.confirmed == nil)
    #expect(done.doubt?.contains("may have given another refresh token") == true)
    let entry = try #require(try story.entries(.tokenRetire).first)
    #expect(entry.outcome == .ok && entry.time(.revoked) == nil)
  }

  @Test func `where the provider never rotates a cut-off exchange leaves no doubt`() throws {
    let story = try LoginStory { $0["rotation"] = "never" }
    try story.store()
    try story.answer("revoke", "")
    _ = try story.vault.session(.ada).claim("contoso/crm")
    try story.raw("UPDATE exchange SET owner = NULL")
    #expect(try revoke(story).confirmed != nil)
  }

  @Test func `a provider that asks for no client needs no connector's secret`() throws {
    let story = try LoginStory { preset in
      var call = preset["revoke"]?.object ?? [:]
      call["without_client"] = true
      preset["revoke"] = .object(call)
    }
    try story.store()
    try story.answer("revoke", "")
    try story.vault.session(.ada).commit { try $0.share(.token, "contoso/crm", Share(with: "bea")) }
    #expect(try revoke(story, .bea).confirmed != nil)
    let asked = try #require(try story.seen("revoke").first)
    #expect(!asked.contains("Authorization") && !asked.contains("client"))
  }

  /// A preset like intuit's: a form for exchanges, JSON for the revocation.
  @Test(arguments: [(nil, ["token"]), ("post", ["client_id", "client_secret", "token"])] as [(String?, [String])])
  func `a call with another body than an exchange is one body`(way: String?, names: [String]) throws {
    let story = try LoginStory(clientAuthentication: way) { preset in
      var call = preset["revoke"]?.object ?? [:]
      call["token"] = "json:token"
      preset["revoke"] = .object(call)
    }
    try story.store()
    try story.answer("revoke", "")
    #expect(try revoke(story).confirmed != nil)
    let asked = try #require(try story.seen("revoke").first)
    #expect(asked.contains("Content-Type: application/json"))
    #expect(asked.contains("Authorization: Basic ") == (way == nil))
    let sent = try JSONValue(parsing: Array(body(asked).utf8))
    #expect(sent.object?.keys.sorted() == names)
    #expect(sent["token"]?.string == "refresh-1")
  }

  @Test func `who may not retire, or holds too little, asks nobody`() throws {
    let story = try LoginStory()
    try story.store()
    let ada = try story.vault.session(.ada)
    try ada.commit { try $0.share(.token, "contoso/crm", Share(with: "dev")) }
    try ada.commit { try $0.share(.token, "contoso/crm", Share(with: "bea")) }
    #expect(refusal { _ = try revoke(story, .dev) }?.code == .notPermitted)
    let error = refusal { _ = try revoke(story, .bea) }
    #expect(error?.code == .notShared)
    #expect(error?.hint?.steps == [.share(.connector, "crm", with: "bea")])
    #expect(try story.seen("revoke").isEmpty)
    #expect(try story.entries(.tokenRetire).map(\.outcome) == [.denied, .denied])
    #expect(try isInUse(story))
  }

  @Test func `without a call for it there is a person's way`() throws {
    let story = try LoginStory { $0["revoke"] = nil }
    try story.store()
    let error = refusal { _ = try revoke(story) }
    #expect(error?.code == .badPreset)
    #expect(error?.hint == "take the app's access back; then leave out \(step: .leaveOut(.revoke))")
    #expect(refusal { _ = try story.vault.session(.ada).revocationHost(of: "contoso/crm") }?.code == .badPreset)
    #expect(try isInUse(story))
  }

  @Test func `every preset has a person's way, or a call`() {
    for preset in Preset.all { #expect(!preset.retiring.isEmpty, "\(preset.id)") }
  }
}
