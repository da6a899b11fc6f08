import Foundation
import Testing

@Suite(.timeLimit(.minutes(20))) struct PortalTests {
  /// dev with a confirmed phone, a connector, and a token that works.
  private func flow(_ sandbox: RunningSandbox, name: String = "crm-sync") throws -> (Browser, String, Grant) {
    let dev = Browser(sandbox)
    _ = try dev.signIn("dev@contoso.example", role: "developer")
    _ = try dev.confirmPhone("+15550100")
    let page = try dev.addConnector(name)
    let keys = Browser.codes(in: try dev.open(page).body)
    let shown = try dev.submit("\(page)/token", on: page)
    let token = try Browser.first(/class="value"[^>]*><code>([^<]+)</, in: shown.body)
    return (dev, page, Grant(id: keys[0], secret: keys[1], refreshToken: token))
  }

  @Test func `a person clicks from the sign-in to a token that works`() throws {
    let sandbox = try RunningSandbox()
    let (dev, page, grant) = try flow(sandbox)
    #expect(dev.setCookie.contains("HttpOnly"))
    #expect(dev.setCookie.contains("SameSite=Strict"))
    #expect(page == "/connectors/\(grant.id)")
    #expect(try sandbox.accessToken(grant).status == 200)
    let again = try dev.open(page)
    #expect(Browser.codes(in: again.body) == [grant.id, grant.secret])
    #expect(!again.body.contains(grant.refreshToken), "a token is shown once")
    #expect(again.headers["cache-control"] == "no-store")
  }

  @Test func `the tenant admin opens the developer's connector and another organisation does not`() throws {
    let sandbox = try RunningSandbox()
    let (_, page, grant) = try flow(sandbox)
    let ada = Browser(sandbox)
    _ = try ada.signIn("ada@contoso.example", role: "admin")
    _ = try ada.confirmPhone("+15550101")
    #expect(try ada.submit("\(page)/token", on: page).body.contains("tenant-level"))
    #expect(try sandbox.accessToken(grant).status == 401)
    let mallory = Browser(sandbox)
    _ = try mallory.signIn("mallory@fabrikam.example", role: "admin", organisation: "Fabrikam")
    let refused = try mallory.open(page)
    #expect(refused.status == 404)
    #expect(!refused.body.contains(grant.secret))
  }

  @Test func `deactivating stops new tokens and no token`() throws {
    let sandbox = try RunningSandbox()
    let (dev, page, grant) = try flow(sandbox)
    let form = try Browser.formToken(in: dev.open(page).body)
    #expect(try dev.submit("\(page)/deactivate", on: page).body.contains("deactivated"))
    #expect(try sandbox.accessToken(grant).status == 200)
    let refused = try dev.post("\(page)/token", [("form", form)])
    #expect(refused.status == 409)
    #expect(refused.body.contains("deactivated"))
    #expect(try sandbox.accessToken(grant).status == 200)
  }

  @Test func `deleting the connector kills its tokens`() throws {
    let sandbox = try RunningSandbox()
    let (dev, page, grant) = try flow(sandbox)
    let access = try sandbox.accessToken(grant).string("accessToken")
    #expect(try dev.submit("\(page)/delete", on: page).status == 400, "the box is not ticked")
    #expect(try sandbox.accessToken(grant).status == 200)
    _ = try dev.submit("\(page)/delete", on: page, [("sure", "yes")])
    #expect(try sandbox.accessToken(grant).status == 401)
    #expect(try sandbox.me(access).string("errorCode") == "InvalidToken")
    #expect(try dev.open(page).status == 404)
  }

  @Test func `a colleague who did not add the connector does not end it`() throws {
    let sandbox = try RunningSandbox()
    let (_, page, grant) = try flow(sandbox)
    let other = Browser(sandbox)
    _ = try other.signIn("eve@contoso.example", role: "developer")
    let form = try Browser.formToken(in: other.open(page).body)
    #expect(try other.post("\(page)/delete", [("form", form), ("sure", "yes")]).status == 403)
    #expect(try sandbox.accessToken(grant).status == 200)
  }

  @Test func `a hostile connector name stays text on every page that shows it`() throws {
    let sandbox = try RunningSandbox()
    let name = #"<script>alert('x')</script>"><img src=x onerror="alert(1)">&amp;"#
    let (dev, page, _) = try flow(sandbox, name: name)
    let escaped =
      "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;amp;"
    let token = try dev.submit("\(page)/token", on: page)
    for reply in [try dev.open(page), try dev.open("/connectors"), token] {
      #expect(reply.status == 200)
      #expect(reply.body.contains(escaped))
      #expect(!reply.body.contains("<script"))
      #expect(!reply.body.contains("<img"))
      #expect(reply.headers["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
    }
    let refused = try dev.submit("/connectors", on: "/connectors/new", [("name", name)])
    #expect(refused.status == 400)
    #expect(refused.body.contains("value=\"\(escaped)\""), "what was typed comes back, escaped")
  }

  @Test func `a wrong PIN confirms no phone, and without a phone there is no connector`() throws {
    let sandbox = try RunningSandbox()
    let dev = Browser(sandbox)
    _ = try dev.signIn("dev@contoso.example", role: "developer")
    _ = try dev.submit("/phone", on: "/phone", [("mobileNumber", "+15550100")])
    let wrong = try sandbox.pin(for: "+15550100") == 100_000 ? "100001" : "100000"
    let refused = try dev.submit("/phone/pin", on: "/phone", [("pin", wrong)])
    #expect(refused.status == 403)
    #expect(refused.body.contains("That is not the PIN"))
    let connector = try dev.submit("/connectors", on: "/connectors/new", [("name", "x"), ("permission", "media.read")])
    #expect(connector.status == 409)
    #expect(!(try dev.open("/connectors").body.contains("class=\"cards\"")))
  }
}
