import Foundation

/// A realm of a sandbox, as its client and as the script that made it.
struct Provider {
  let sandbox: RunningSandbox
  let given: [String: Any]

  init(_ rules: [String: Any] = [:], in sandbox: RunningSandbox) throws {
    self.sandbox = sandbox
    given = try sandbox.post("/sandbox/oauth", rules).json()
  }

  init(_ rules: [String: Any] = [:]) throws { try self.init(rules, in: RunningSandbox()) }

  subscript(name: String) -> String { given[name] as? String ?? "" }
  var id: String { self["client_id"] }
  var secret: String { self["client_secret"] }

  /// The path of one of its endpoints.
  func path(_ name: String) -> String { "/oauth/\(self["realm"])/\(name)" }

  // MARK: The script

  func script(_ call: String, _ fields: [String: Any] = [:]) throws -> Reply {
    try sandbox.post("/sandbox/oauth/\(self["realm"])/\(call)", fields)
  }

  func grant(scope: String = "") throws -> String {
    try script("grant", scope.isEmpty ? [:] : ["scope": scope]).string("refresh_token")
  }

  func pass(seconds: Int) throws { _ = try script("clock", ["seconds": seconds]) }

  func order(_ fault: String, _ fields: [String: Any] = [:]) throws {
    _ = try script("fault", fields.merging(["fault": fault]) { $1 })
  }

  func count(_ name: String) throws -> Int64 { try script("report").number(name) }

  func live() throws -> Set<String> { Set(try script("report").json()["live"] as? [String] ?? []) }

  // MARK: The client

  func ask(_ endpoint: String, _ fields: [(String, String)], headers: [String: String] = [:]) -> Ask {
    let kind = ["Content-Type": "application/x-www-form-urlencoded"]
    return Ask(
      method: "POST", path: path(endpoint), headers: kind.merging(headers) { $1 }, body: Browser.form(fields))
  }

  var proof: [(String, String)] { [("client_id", id), ("client_secret", secret)] }

  func basic(_ id: String? = nil, _ secret: String? = nil) -> [String: String] {
    ["Authorization": "Basic " + Data("\(id ?? self.id):\(secret ?? self.secret)".utf8).base64EncodedString()]
  }

  func post(_ endpoint: String, _ fields: [(String, String)]) throws -> Reply {
    try sandbox.send(ask(endpoint, fields + proof))
  }

  func refreshing(_ token: String) -> [(String, String)] {
    [("grant_type", "refresh_token"), ("refresh_token", token)]
  }

  func refresh(_ token: String) throws -> Reply { try post("token", refreshing(token)) }
}
