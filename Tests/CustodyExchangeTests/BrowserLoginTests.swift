import Custody
import CustodyExchange
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// A browser that does what a test asks while the login waits.
struct LoginBrowser: Sendable {
  let port: Int
  let query: [String: String]

  init(_ login: BrowserLogin) throws {
    query = fields(String(try #require(login.url.split(separator: "?", maxSplits: 1).last)))
    let redirect = try #require(URLComponents(string: query["redirect_uri"] ?? ""))
    #expect(redirect.scheme == "http" && redirect.host == "127.0.0.1" && redirect.path == "/callback")
    port = try #require(redirect.port)
  }

  var state: String { query["state"] ?? "" }

  /// The head of a request as Chromium sends it, with cookies of another program on this machine.
  func head(_ target: String, host: String? = nil, method: String = "GET") -> Data {
    let host = host ?? "127.0.0.1:\(port)"
    let lines = [
      "\(method) \(target) HTTP/1.1", "Host: \(host)", "Connection: keep-alive", "Cookie: other=\u{fc}",
      "Accept: text/html",
    ]
    return Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }

  func visit(_ target: String) throws -> String { try ask(head(target)) }

  func ask(_ bytes: Data) throws -> String { String(decoding: try PlainSocket(to: port).ask(bytes), as: UTF8.self) }

  func answer(_ more: String) throws -> String { try visit("/callback?state=\(state)&\(more)") }

  /// Runs `body` on its own thread; the semaphore is signalled when it is done.
  func meanwhile(_ body: @escaping @Sendable (LoginBrowser) throws -> Void) -> DispatchSemaphore {
    let done = DispatchSemaphore(value: 0)
    Thread {
      do { try body(self) } catch { Issue.record(error) }
      done.signal()
    }.start()
    return done
  }
}

@Suite(.serialized) struct BrowserLoginTests {
  private func finish(
    _ story: LoginStory, _ body: @escaping @Sendable (LoginBrowser) throws -> Void
  ) throws -> (token: String, warnings: [String]) {
    let login = try BrowserLogin(story.login())
    let done = try LoginBrowser(login).meanwhile(body)
    defer { done.wait() }
    let grant = try login.finish(within: .seconds(200))
    let warnings = grant.warnings
    return (text(grant.takeToken()), warnings)
  }

  private func failure(
    _ story: LoginStory, _ body: @escaping @Sendable (LoginBrowser) throws -> Void
  ) throws -> VaultError? {
    refusal { _ = try finish(story, body) }
  }

  @Test func `the code that comes back becomes a refresh token in the vault, by PKCE's proof`() throws {
    let story = try LoginStory(scope: "crm.read crm.write")
    try story.grantsToken()
    let login = try BrowserLogin(story.login())
    let browser = try LoginBrowser(login)
    #expect(login.url.hasPrefix("http://127.0.0.1:\(story.server.port)/\(story.place)-authorize?response_type=code&"))
    #expect(browser.query["client_id"] == "client 1")
    #expect(browser.query["scope"] == "crm.read crm.write")
    #expect(browser.query["code_challenge_method"] == "S256")
    #expect(browser.state.utf8.count == 43)
    let done = browser.meanwhile {
      let page = try $0.answer("code=c%2F1&iss=https%3A%2F%2Flogin.example")
      #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n"))
      for header in [
        "Cache-Control: no-store", "Content-Security-Policy: default-src 'none'", "Referrer-Policy: no-referrer",
      ] {
        #expect(page.contains("\r\n" + header), "\(header)")
      }
      #expect(!page.contains("c/1") && !page.contains($0.state))
    }
    let grant = try login.finish(within: .seconds(200))
    done.wait()
    let source = grant.source
    let token = grant.takeToken()
    try story.vault.session(.ada).commit { try $0.store(story.details, secret: token, source: source) }
    #expect(try story.value() == "refresh-9")
    #expect(try story.entries(.tokenStore).map { $0.text(.source) } == ["login"])
    _ = try story.vault.session(.audrey).verifyLog()

    let asked = try #require(try story.seen("token").first)
    #expect(asked.contains("Authorization: Basic Y2xpZW50KzE6Y2xpZW50LXNlY3JldA=="))
    let sent = fields(body(asked))
    #expect(sent["grant_type"] == "authorization_code" && sent["code"] == "c/1")
    #expect(sent["redirect_uri"] == browser.query["redirect_uri"])
    #expect(sent["refresh_token"] == nil)
    // RFC 7636, section 4.2, computed by independent code.
    let python =
      "import base64,hashlib,sys; d=hashlib.sha256(sys.argv[1].encode()).digest(); "
      + "print(base64.urlsafe_b64encode(d).decode().rstrip('='), end='')"
    let verifier = try #require(sent["code_verifier"])
    #expect(43...128 ~= verifier.utf8.count)
    let challenge = try Products.run("/usr/bin/env", ["python3", "-c", python, verifier]).output
    #expect(challenge == browser.query["code_challenge"])
  }

  @Test func `what is not the answer changes nothing, and the wait goes on`() throws {
    let story = try LoginStory()
    try story.grantsToken()
    let got = try finish(story) { browser in
      let state = browser.state
      let right = "/callback?state=\(state)&code=c1"
      let wrong: [(Data, Int)] = [
        (browser.head("/favicon.ico"), 404), (browser.head("/"), 404), (browser.head("/callback"), 404),
        (browser.head("/callback?code=c1"), 400), (browser.head("/callback?code=c1&state="), 400),
        (browser.head("/callback?code=c1&state=\(state.dropLast())"), 400),
        (browser.head("/callback?code=c1&state=\(state.uppercased())x"), 400),
        (browser.head("/callback?state=\(state)"), 400), (browser.head("/callback?state=\(state)&code="), 400),
        (browser.head("/callback?state=\(state)&code=c1&state=\(state)"), 404),
        (browser.head("/callback?state=\(state)&code=c1&code=c2"), 404),
        (browser.head("/callback?state=\(state)&code=%zz"), 404),
        (browser.head("/callback?state=\(state)&code=%ff"), 404),
        (browser.head("/callback/?state=\(state)&code=c1"), 404),
        (browser.head("http://127.0.0.1:\(browser.port)\(right)"), 404),
        (browser.head(right, method: "POST"), 404), (browser.head(right, method: "HEAD"), 404),
        // DNS rebinding: a page elsewhere whose name points here.
        (browser.head(right, host: "evil.example"), 404),
        (browser.head(right, host: "evil.example:\(browser.port)"), 404),
        (browser.head(right, host: "127.0.0.1"), 404), (browser.head(right, host: "localhost:\(browser.port)"), 404),
        (browser.head(right, host: "127.0.0.1:\(browser.port)\r\nHost: evil.example"), 404),
        (Data("GET \(right) HTTP/1.1\r\n\r\n".utf8), 404), (Data("GET \(right)\r\n\r\n".utf8), 404),
      ]
      for (request, status) in wrong {
        let reply = try browser.ask(request)
        #expect(reply.hasPrefix("HTTP/1.1 \(status) "), "\(String(decoding: request, as: UTF8.self))")
      }
      #expect(try story.seen("token").isEmpty)
      #expect(try browser.answer("code=c3").hasPrefix("HTTP/1.1 200 "))
    }
    #expect(got.token == "refresh-9")
    #expect(try story.seen("token").map { fields(body($0))["code"] } == ["c3"])
  }

  @Test func `only one answer is taken, and then nobody listens`() throws {
    let story = try LoginStory()
    try story.answer("token", #"{"access_token":"a","token_type":"Bearer","refresh_token":"r"}"#, delay: 1)
    let port = Locked(0)
    let got = try finish(story) { browser in
      port.withLock { $0 = browser.port }
      let first = try browser.answer("code=first")
      #expect(first.hasPrefix("HTTP/1.1 200 "))
      // A second answer, while the code is being exchanged and afterwards.
      let second = (try? browser.answer("code=second")) ?? ""
      #expect(!second.hasPrefix("HTTP/1.1 200 "))
    }
    #expect(got.token == "r")
    #expect(try story.seen("token").count == 1)
    #expect(throws: PlainSocket.Refused.self) { _ = try PlainSocket(to: port.withLock { $0 }) }
  }

  @Test func `a port that was answered on a moment ago can be had again, one that is taken can't`() throws {
    let story = try LoginStory()
    try story.grantsToken()
    let port = Locked<UInt16>(0)
    _ = try finish(story) { browser in
      port.withLock { $0 = UInt16(browser.port) }
      _ = try browser.answer("code=c1")
    }
    let again = try BrowserLogin(story.login(), port: port.withLock { $0 })
    #expect(again.url.contains("127.0.0.1%3A\(port.withLock { $0 })%2Fcallback"))
    let error = refusal { _ = try BrowserLogin(story.login(), port: port.withLock { $0 }) }
    #expect(error?.code == .failed)
    #expect(error?.reason.contains("cannot listen on port \(port.withLock { $0 })") == true)
    withExtendedLifetime(again) {}
  }

  @Test func `who says nothing, or not all of it, holds nobody up`() throws {
    let story = try LoginStory()
    try story.grantsToken()
    let start = ContinuousClock.now
    let got = try finish(story) { browser in
      let idle = try (0..<70).map { _ in try PlainSocket(to: browser.port) }
      let half = try PlainSocket(to: browser.port)
      half.say(Data("GET /callback?state=".utf8))
      let huge = try PlainSocket(to: browser.port)
      huge.say(Data(repeating: 0x61, count: 100_000))
      // The right answer comes in pieces.
      let right = browser.head("/callback?state=\(browser.state)&code=c1")
      let socket = try PlainSocket(to: browser.port)
      for piece in [right.prefix(30), right.dropFirst(30).dropLast(2)] {
        socket.say(piece)
        usleep(50_000)
      }
      #expect(String(decoding: try socket.ask(right.suffix(2)), as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
      withExtendedLifetime((idle, half, huge)) {}
    }
    #expect(got.token == "refresh-9")
    #expect(ContinuousClock.now - start < .seconds(100))
  }

  @Test(arguments: [
    "code=c1&iss=https%3A%2F%2Fother.example", "code=c1&iss=", "error=access_denied&iss=https%3A%2F%2Fother.example",
  ])
  func `an answer by another issuer ends it before the code goes anywhere`(answer: String) throws {
    let story = try LoginStory()
    let error = try failure(story) { _ = try $0.answer(answer) }
    #expect(error?.code == .refusedByProvider)
    #expect(error?.reason.contains("of another provider") == true)
    #expect(try story.seen("token").isEmpty)
  }

  @Test func `who always names the issuer is not answered for by one who does not`() throws {
    let story = try LoginStory { preset in
      var page = preset["authorize"]?.object ?? [:]
      page["always_names_issuer"] = true
      preset["authorize"] = .object(page)
    }
    try story.grantsToken()
    let error = try failure(story) { _ = try $0.answer("code=c1") }
    #expect(error?.reason.contains("of another provider") == true)
    #expect(try story.seen("token").isEmpty)
    let got = try finish(story) { _ = try $0.answer("code=c1&iss=https%3A%2F%2Flogin.example") }
    #expect(got.token == "refresh-9")
  }

  @Test func `the provider's no ends it, in words that no terminal obeys`() throws {
    let story = try LoginStory()
    let denied = try failure(story) {
      let page = try $0.answer("error=access_denied&error_description=no%1B%5B2J+way%0Anever")
      #expect(page.contains("The provider said no") && !page.contains("way"))
    }
    #expect(denied?.code == .refusedByProvider)
    #expect(denied?.reason.contains("access_denied: no") == true)
    #expect(denied?.reason.unicodeScalars.contains { $0.value < 0x20 } == false)
    let scope = try failure(story) { _ = try $0.answer("error=invalid_scope") }
    #expect(scope?.hint?.description.contains("its scope") == true)
    #expect(try story.seen("token").isEmpty)
  }

  @Test func `without a refresh token in the reply nothing is stored, and it is said what to ask for`() throws {
    let story = try LoginStory()
    try story.answer("token", #"{"access_token":"access-9","token_type":"Bearer","expires_in":3600}"#)
    let error = try failure(story) { _ = try $0.answer("code=c1") }
    #expect(error?.code == .replyIncomplete)
    #expect(error?.reason.contains("no refresh token") == true)
    #expect(error?.hint?.description.contains("offline_access") == true)
    #expect(error?.hint?.steps == [.changeScope(connector: "crm")])
    // The connector's secret was sent, which is logged under the connector's ID, as there is no token.
    let entry = try #require(try story.entries(.tokenStore).first)
    #expect(entry.outcome == .error)
    #expect(entry.identifier(.item) == (try story.vault.session(.ada).connector("crm").id))
    _ = try story.vault.session(.audrey).verifyLog()
  }

  @Test func `a refresh token in a reply that is otherwise no good is not lost`() throws {
    let story = try LoginStory()
    try story.answer("token", #"{"access_token":"a","token_type":"mac","refresh_token":"refresh-9"}"#)
    let got = try finish(story) { _ = try $0.answer("code=c1") }
    #expect(got.token == "refresh-9")
    #expect(got.warnings.first?.contains("token_type is not bearer") == true)
    try story.answer("token", #"{"access_token":"a","access_token":"b","refresh_token":"refresh-10"}"#)
    let worse = try finish(story) { _ = try $0.answer("code=c1") }
    #expect(worse.token == "refresh-10")
    #expect(worse.warnings.first?.contains("two access tokens") == true)
  }

  @Test func `a code that the provider does not take is told of without the code`() throws {
    let story = try LoginStory()
    try story.answer(
      "token", #"{"error":"invalid_grant","error_description":"code-c1-secret is spent"}"#, status: 400)
    let error = try failure(story) { _ = try $0.answer("code=code-c1-secret") }
    #expect(error?.code == .refusedByProvider)
    #expect(error?.reason.contains("did not take the code (HTTP 400); the provider said: \"invalid_grant") == true)
    #expect(error?.reason.contains("code-c1-secret") == false)
    #expect(error?.hint?.description.contains("run the command again") == true)
  }

  @Test func `a redirect is not followed with the code`() throws {
    let story = try LoginStory()
    var moved = Script("", status: 302)
    moved.headers = [["Location", "http://127.0.0.1:\(story.server.port)/\(story.place)-elsewhere"]]
    try story.server.script("\(story.place)-token", moved)
    #expect(try failure(story) { _ = try $0.answer("code=c1") }?.code == .redirected)
    #expect(try story.seen("elsewhere").isEmpty)
  }

  @Test func `nobody is waited for in vain`() throws {
    let story = try LoginStory()
    let login = try BrowserLogin(story.login())
    let error = refusal { _ = try login.finish(within: .milliseconds(200)) }
    #expect(error?.code == .timedOut)
    #expect(try story.entries(.tokenStore).isEmpty)
  }

  @Test func `where the provider knows no PKCE there is none, and the state holds alone`() throws {
    let story = try LoginStory { $0["authorize"] = ["url": "https://acme.example/authorize", "without_pkce": true] }
    try story.grantsToken()
    let login = try BrowserLogin(story.login())
    #expect(!login.url.contains("code_challenge"))
    _ = try finish(story) { _ = try $0.answer("code=c1") }
    #expect(try story.seen("token").allSatisfy { !$0.contains("code_verifier") })
  }

  @Test func `who does not hold the connector can't log in with it, and that is on record`() throws {
    let story = try LoginStory()
    let error = refusal { _ = try story.login(.bea) }
    #expect(error?.code == .notShared)
    #expect(error?.hint?.steps == [.share(.connector, "crm", with: "bea")])
    #expect(try story.entries(.tokenStore).map(\.outcome) == [.denied])
  }

  @Test func `where its connector leads elsewhere than was shown, its secret is not sent`() throws {
    let story = try LoginStory()
    let ada = try story.vault.session(.ada)
    let shown = try ada.destination(of: story.details)
    try story.vault.session(.bea).commit {
      try $0.changeConnector("crm") { $0.endpoint = "https://acme.example/token" }
    }
    let error = refusal { _ = try Login(story.details, in: ada, for: .tokenStore, to: shown) }
    #expect(error?.code == .conflict)
    #expect(error?.reason.contains("secrets would go to acme.example") == true)
    _ = try Login(story.details, in: ada, for: .tokenStore, to: ada.destination(of: story.details))
  }

  @Test func `a new value comes from where an admin confirmed, whatever was shown`() throws {
    let story = try LoginStory()
    try story.store()
    let ada = try story.vault.session(.ada)
    var others = story.details
    others.providerTenant = "elsewhere"
    let shown = try ada.destination(of: others)
    #expect(refusal { _ = try Login(others, in: ada, for: .tokenRotate, to: shown) }?.code == .conflict)
    try story.vault.session(.bea).commit { try $0.changeConnector("crm") { $0.endpoint = "https://their.host/token" } }
    #expect(refusal { _ = try story.login(as: .tokenRotate) }?.code == .destinationChanged)
  }

  @Test func `who could not store the new value is told before anyone consents`() throws {
    let story = try LoginStory()
    try story.store()
    try story.vault.session(.ada).commit { try $0.share(.connector, "crm", Share(with: "bea")) }
    #expect(refusal { _ = try story.login(.bea, as: .tokenRotate) }?.code == .notShared)
    #expect(try story.entries(.tokenRotate).map(\.outcome) == [.denied])
  }

  @Test func `a variable of the URL can't lead the browser elsewhere`() throws {
    let story = try LoginStory {
      $0["variables"] = ["tenant": ["title": "the tenant"]]
      $0["authorize"] = ["url": "https://{tenant}.acme.example/authorize"]
    }
    var details = story.details
    details.providerTenant = "evil.example/?x="
    let ada = try story.vault.session(.ada)
    let login = try Login(details, in: ada, for: .tokenStore, to: ada.destination(of: details))
    #expect(refusal { _ = try BrowserLogin(login) }?.code == .badEndpoint)
  }
}
