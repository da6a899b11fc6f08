import Foundation
import Testing

/// Requests that the sandbox refuses at its doors: foreign hosts, forged forms, too much input.
@Suite(.timeLimit(.minutes(20))) struct DoorTests {
  @Test(arguments: [
    "evil.example", "evil.example:80", "127.0.0.1.evil.example", "127.0.0.1:80:80", "127.0.0.1@evil.example", "::1", "",
  ])
  func `a foreign Host is refused at every door`(host: String) throws {
    let sandbox = try RunningSandbox()
    let grant = try sandbox.grant()
    for path in ["/", "/signin", "/style.css", "/v1/accessToken", "/sandbox/signin"] {
      let headers = [
        "Host": host, "applicationId": grant.id, "applicationSecret": grant.secret, "refreshToken": grant.refreshToken,
      ]
      let reply = try sandbox.send(Ask(path: path, headers: headers))
      #expect(reply.status == 421, "\(path)")
      #expect(!reply.body.contains("accessToken"))
    }
  }

  @Test func `localhost is a name for it`() throws {
    let sandbox = try RunningSandbox()
    #expect(try sandbox.send(Ask(path: "/signin", headers: ["Host": "localhost:\(sandbox.port)"])).status == 200)
  }

  @Test func `a form without its token, or with another visit's, changes nothing`() throws {
    let sandbox = try RunningSandbox()
    let (dev, other) = (Browser(sandbox), Browser(sandbox))
    _ = try dev.signIn("dev@contoso.example", role: "developer")
    _ = try other.signIn("eve@contoso.example", role: "developer")
    let foreign = try Browser.formToken(in: other.open("/phone").body)
    let number = ("mobileNumber", "+15550100")
    #expect(try dev.post("/phone", [number]).status == 403)
    #expect(try dev.post("/phone", [number, ("form", "")]).status == 403)
    #expect(try dev.post("/phone", [number, ("form", foreign)]).status == 403)
    #expect(!sandbox.console.contains("PIN"))
    #expect(try dev.submit("/phone", on: "/phone", [number]).status == 200)
    #expect(sandbox.console.contains("PIN for +15550100: "))
  }

  @Test func `a sign-in without its form is refused, and the session changes with the sign-in`() throws {
    let sandbox = try RunningSandbox()
    let dev = Browser(sandbox)
    let fields = [("email", "dev@contoso.example"), ("role", "developer"), ("organisation", "Contoso")]
    #expect(try dev.post("/signin", fields).status == 403)
    _ = try dev.open("/signin")
    let before = dev.cookie
    _ = try dev.signIn("dev@contoso.example", role: "developer")
    #expect(dev.cookie != before)
    #expect(try sandbox.send(Ask(path: "/connectors", headers: ["Cookie": before])).headers["location"] == "/signin")
    let first = dev.cookie
    _ = try dev.signIn("eve@contoso.example", role: "developer")
    #expect(try sandbox.send(Ask(path: "/connectors", headers: ["Cookie": first])).headers["location"] == "/signin")
    let after = dev.cookie
    #expect(try dev.open("/connectors").body.contains("eve@contoso.example"))
    _ = try dev.submit("/signout", on: "/connectors")
    #expect(try sandbox.send(Ask(path: "/connectors", headers: ["Cookie": after])).headers["location"] == "/signin")
  }

  @Test func `a script needs a session, and a known permission`() throws {
    let sandbox = try RunningSandbox()
    let fields: [String: Any] = ["session": "made-up", "name": "x", "permissions": ["media.read"]]
    #expect(try sandbox.post("/sandbox/connectors", fields).status == 401)
    let dev = try sandbox.session("dev@contoso.example", role: "developer", phone: "+15550100")
    let reply = try sandbox.post("/sandbox/connectors", ["session": dev, "name": "x", "permissions": ["root"]])
    #expect(reply.status == 400)
    #expect(try reply.string("error") == "there is no permission \"root\"")
    let phone = try sandbox.post("/sandbox/phone", ["session": dev, "mobileNumber": "+15550102"])
    #expect(phone.body == "{}", "the PIN is in the console only")
  }

  @Test func `more than anyone has to say is refused`() throws {
    let sandbox = try RunningSandbox()
    let body = String(repeating: "a", count: 65_537)
    #expect(try sandbox.send(Ask(method: "POST", path: "/sandbox/signin", body: body)).status == 413)
    #expect(try sandbox.send(Ask(path: "/signin")).status == 200)
  }
}
