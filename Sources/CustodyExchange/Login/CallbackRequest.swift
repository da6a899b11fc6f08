/// What a browser brings back: the query of `GET /callback` on this machine, each name once.
struct CallbackRequest {
  private let values: [String: String]

  subscript(name: String) -> String? { values[name] }

  /// Nothing for any other request; also where the host is not this machine's address, as of a page elsewhere whose name was
  /// pointed here.
  init?(_ head: [UInt8], port: UInt16) {
    // Cookies of other programs may be in any bytes; they are not looked at.
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
    let words = lines.first?.split(separator: " ", omittingEmptySubsequences: false) ?? []
    guard words.count == 3, words[0] == "GET", words[2].hasPrefix("HTTP/1."), words[1].hasPrefix(Self.path) else {
      return nil
    }
    guard Self.isHere(lines.dropFirst(), port), words[1].utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
    var values: [String: String] = [:]
    for pair in words[1].dropFirst(Self.path.count).split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = QueryText.decode(parts[0]), let value = QueryText.decode(parts.count == 2 ? parts[1] : ""),
        values.updateValue(value, forKey: name) == nil
      else { return nil }
    }
    self.values = values
  }

  private static let path = "/callback?"

  private static func isHere(_ headers: ArraySlice<Substring>, _ port: UInt16) -> Bool {
    let hosts = headers.filter { $0.lowercased().hasPrefix("host:") }
    guard hosts.count == 1, let host = hosts.first?.dropFirst(5) else { return false }
    let here = port == 80 ? ["127.0.0.1:80", "127.0.0.1"] : ["127.0.0.1:\(port)"]
    return here.contains { $0.utf8.elementsEqual(host.utf8.drop { $0 == 0x20 }) }
  }
}

/// Pages for the browser: nothing in them comes from the request.
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

/// `application/x-www-form-urlencoded`, as queries have it.
enum QueryText {
  static func encode(_ text: String) -> String {
    text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        String(UnicodeScalar(byte))
      default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
  }

  /// Nothing where it is no such text, or not UTF-8.
  static func decode(_ text: Substring) -> String? {
    var (bytes, rest): ([UInt8], Substring.UTF8View) = ([], text.utf8)
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(0x20)
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    Character(UnicodeScalar(byte)).hexDigitValue.map(UInt8.init)
  }
}
