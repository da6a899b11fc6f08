/// The frame that all pages share. Extensions hold the pages, one file for each part of the portal.
enum Page {
  static func make(_ title: String, desk: Desk? = nil, status: Int = 200, _ content: HTML) -> Response {
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
    var response = Response.typed("text/html; charset=utf-8", page.text, status: status)
    response.headers.merge(guards) { $1 }
    return response
  }

  static func fault(_ text: String, status: Int) -> Response {
    make("That did not work", status: status, "\(banner(text))<p><a href=\"/\">Back to the portal</a></p>")
  }

  static func problem(_ refusal: PortalRefusal?) -> HTML { refusal.map { banner($0.text) } ?? "" }

  /// A form that posts to `path`. Its hidden token proves that the portal made it.
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

  /// Headers that forbid scripts, frames and anything from other sites.
  private static let guards = [
    "Content-Security-Policy":
      "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  ]
}
