/// Pages that the browser shows. Nothing in them comes from the request.
enum CallbackPage {
  static let done = page(
    "200 OK", "Custody has the answer", "The terminal says what comes of it. You can close this page.")
  static let failed = page("200 OK", "The provider said no", "The terminal says why. You can close this page.")
  static let notOurs = page("400 Bad Request", "This is not the answer that was waited for", "Nothing was changed.")
  static let notHere = page("404 Not Found", "Nothing is here", "Custody waits for one answer on this port.")

  private static func page(_ status: String, _ title: String, _ text: String) -> String {
    let body = """
      <!doctype html><html lang="en"><meta charset="utf-8"><title>\(title)</title><h1>\(title)</h1><p>\(text)</p></html>

      """
    return """
      HTTP/1.1 \(status)\r
      Content-Type: text/html; charset=utf-8\r
      Content-Length: \(body.utf8.count)\r
      Cache-Control: no-store\r
      Cross-Origin-Resource-Policy: same-origin\r
      Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r
      Referrer-Policy: no-referrer\r
      X-Content-Type-Options: nosniff\r
      Connection: close\r
      \r
      \(body)
      """
  }
}
