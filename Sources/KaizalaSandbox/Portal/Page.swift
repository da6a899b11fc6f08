import FlyingFox
import Foundation

/// The frame that all pages share. The pages themselves are in extensions, one file for each part of the portal.
enum Page {
  static func make(_ title: String, desk: Desk? = nil, status: Int = 200, _ content: HTML) -> HTTPResponse {
    let page: HTML = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(title) – Kaizala sandbox</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="/style.css">
      </head>
      <body>
      <header><div class="bar"><a class="brand" href="/">Kaizala <span>sandbox</span></a>\(desk.map(menu) ?? "")</div></header>
      <main>
      <h1>\(title)</h1>
      \(content)
      </main>
      <footer>A stand-in for the retired Management Portal. Everything here is in memory and ends with the process.</footer>
      </body>
      </html>
      """
    return HTTPResponse(statusCode: .of(status), headers: headers, body: Data(page.text.utf8))
  }

  static func fault(_ text: String, status: Int) -> HTTPResponse {
    make("That did not work", status: status, "\(banner(text))<p><a href=\"/\">Back to the portal</a></p>")
  }

  static func problem(_ refusal: PortalRefusal?) -> HTML { refusal.map { banner($0.text) } ?? "" }

  /// A form that posts to `path`, with the token that shows where it came from.
  static func form(_ path: String, _ visit: Visit, _ content: HTML) -> HTML {
    """
    <form method="post" action="\(path)">
    <input type="hidden" name="form" value="\(visit.formToken)">
    \(content)
    </form>
    """
  }

  private static func banner(_ text: String) -> HTML {
    "<p class=\"problem\" role=\"alert\">\(text.prefix(1).uppercased() + text.dropFirst()).</p>"
  }

  private static func menu(_ desk: Desk) -> HTML {
    """
    <nav aria-label="Portal"><a href="/connectors">Connectors</a> <a href="/phone">Phone</a></nav>
    <div class="who"><span>\(desk.person.email)<br><small>\(desk.person.role.title), \(desk.person.organisation)</small></span>
    \(form("/signout", desk.visit, "<button class=\"quiet\">Sign out</button>"))</div>
    """
  }

  /// No script, no frame, nothing from elsewhere; and no page with a secret stays in a cache.
  private static var headers: HTTPHeaders {
    var headers: HTTPHeaders = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"]
    headers[HTTPHeader("Content-Security-Policy")] =
      "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    headers[HTTPHeader("X-Content-Type-Options")] = "nosniff"
    headers[HTTPHeader("Referrer-Policy")] = "no-referrer"
    return headers
  }
}
