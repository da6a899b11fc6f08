import Foundation

/// The pages on which a person allows or denies access.
struct RealmPages {
  let realm: Realm
  let issuer: String

  func answer(_ call: Call) async -> Response {
    await call.path.last == "verify" ? verify(call) : authorize(call)
  }

  /// The authorization endpoint: RFC 6749 section 4.1.1 with PKCE (RFC 7636), and `iss` in the reply (RFC 9207).
  private func authorize(_ call: Call) async -> Response {
    let asked = call.method == .get ? call.query : Form(call.body)
    let redirect = asked["redirect_uri"]
    guard asked["client_id"] == realm.clientID, Self.isLoopback(redirect) else {
      return Page.fault("the client or its address is not one that this realm knows", status: 400)
    }
    guard asked["response_type"] == "code" else { return back(asked, ["error": "unsupported_response_type"]) }
    guard asked["code_challenge_method"] == "S256", asked["code_challenge"].count == 43 else {
      return back(asked, ["error": "invalid_request", "error_description": "PKCE with S256 is required."])
    }
    if realm.rules.consent == .ask, call.method == .get {
      return Self.leavable(Page.make("Allow access?", question(asked)))
    }
    guard asked["decision"] != "deny" else { return back(asked, ["error": "access_denied"]) }
    let code = await realm.authorize(redirect: redirect, challenge: asked["code_challenge"], scope: asked["scope"])
    return back(asked, ["code": code])
  }

  /// True for `http` on this machine, with any port (RFC 8252, section 7.3).
  private static func isLoopback(_ redirect: String) -> Bool {
    guard let url = URLComponents(string: redirect), url.fragment == nil, url.user == nil else { return false }
    return url.scheme == "http" && ["127.0.0.1", "[::1]", "::1", "localhost"].contains(url.host ?? "")
  }

  private func back(_ asked: Form, _ values: [String: String]) -> Response {
    var url = URLComponents(string: asked["redirect_uri"]) ?? URLComponents()
    var values = values
    values["iss"] = issuer
    values["state"] = asked.all("state").first
    let items = values.sorted { $0.key < $1.key }
    url.queryItems = (url.queryItems ?? []) + items.map { URLQueryItem(name: $0.key, value: $0.value) }
    // A literal plus sign would be read as a space by a client that decodes the query as a form.
    url.percentEncodedQuery = url.percentEncodedQuery?.replacing("+", with: "%2B")
    return .redirect(url.string ?? "/")
  }

  /// Lets a page's form lead to the client's own port: browsers apply the page's policy also to the redirect after a
  /// form.
  private static func leavable(_ page: Response) -> Response {
    var page = page
    let name = "Content-Security-Policy"
    page.headers[name] = page.headers[name]?.replacing(
      "form-action 'self'", with: "form-action 'self' http://127.0.0.1:* http://localhost:* http://[::1]:*")
    return page
  }

  private func question(_ asked: Form) -> HTML {
    let kept = [
      "response_type", "client_id", "redirect_uri", "state", "scope", "code_challenge", "code_challenge_method",
    ]
    let fields = kept.filter { !asked.all($0).isEmpty }.map { name -> HTML in
      "<input type=\"hidden\" name=\"\(name)\" value=\"\(asked[name])\">"
    }
    return """
      <p>An application asks for access\(asked["scope"].isEmpty ? "" : " to " + asked["scope"]).</p>
      <form method="post" action="/oauth/\(realm.name)/authorize">\(fields)\(Self.buttons)</form>
      """
  }

  private static let buttons: HTML = """
    <button name="decision" value="allow">Allow</button> <button class="quiet" name="decision" value="deny">Deny</button>
    """

  private func verify(_ call: Call) async -> Response {
    guard call.method == .post else {
      return Page.make(
        "A device asks for access",
        """
        <form method="post" action="/oauth/\(realm.name)/verify">
        \(Field(name: "user_code", label: "Code on the device", value: call.query["user_code"]).html)
        \(Self.buttons)</form>
        """)
    }
    let form = Form(call.body)
    guard let decision = Realm.Decision(rawValue: form["decision"]), await realm.decide(form["user_code"], decision)
    else {
      return Page.fault("there is no such code", status: 404)
    }
    return Page.make("Done", "<p>You can close this page.</p>")
  }
}
