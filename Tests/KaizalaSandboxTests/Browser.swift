import Foundation

/// A person at the portal: keeps the cookie, follows the redirect after a form, and sends the forms' hidden token.
final class Browser {
  let sandbox: RunningSandbox
  private(set) var cookie = ""
  private(set) var setCookie = ""

  init(_ sandbox: RunningSandbox) { self.sandbox = sandbox }

  func open(_ path: String) throws -> Reply {
    let reply = try sandbox.send(Ask(path: path, headers: ["Cookie": cookie]))
    return try follow(reply)
  }

  /// Posts what a person typed on the page at `page`.
  func submit(_ path: String, on page: String, _ fields: [(String, String)] = []) throws -> Reply {
    let token = try Self.formToken(in: open(page).body)
    return try post(path, fields + [("form", token)])
  }

  func post(_ path: String, _ fields: [(String, String)]) throws -> Reply {
    let headers = ["Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"]
    return try follow(sandbox.send(Ask(method: "POST", path: path, headers: headers, body: Self.form(fields))))
  }

  func signIn(_ email: String, role: String, organisation: String = "Contoso") throws -> Reply {
    try submit("/signin", on: "/signin", [("email", email), ("role", role), ("organisation", organisation)])
  }

  func confirmPhone(_ number: String) throws -> Reply {
    _ = try submit("/phone", on: "/phone", [("mobileNumber", number)])
    return try submit("/phone/pin", on: "/phone", [("pin", String(sandbox.pin(for: number)))])
  }

  /// Adds a connector and returns its page's path.
  func addConnector(_ name: String) throws -> String {
    let reply = try submit(
      "/connectors", on: "/connectors/new", [("name", name), ("details", ""), ("permission", "groupinfo.read")])
    return try Self.first(/href="(\/connectors\/[0-9a-f-]{36})"/, in: reply.body)
  }

  static func formToken(in page: String) throws -> String { try first(/name="form" value="([^"]+)"/, in: page) }

  static func first(_ pattern: Regex<(Substring, Substring)>, in page: String) throws -> String {
    guard let match = page.firstMatch(of: pattern) else { throw Reply.Broken(text: page) }
    return String(match.1)
  }

  /// Returns the connector's ID, secret and tokens that a page shows, in their order.
  static func codes(in page: String) -> [String] { page.matches(of: /<dd><code>([^<]+)</).map { String($0.1) } }

  private func follow(_ reply: Reply) throws -> Reply {
    if let header = reply.headers["set-cookie"] {
      setCookie = header
      cookie = String(header.prefix { $0 != ";" })
    }
    guard reply.status == 303, let place = reply.headers["location"] else { return reply }
    return try open(place)
  }

  static func form(_ fields: [(String, String)]) -> String {
    fields.map { "\($0.0)=\(encode($0.1))" }.joined(separator: "&")
  }

  private static func encode(_ text: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    return text.utf8.map { plain.contains($0) ? String(UnicodeScalar($0)) : String(format: "%%%02X", $0) }.joined()
  }
}
