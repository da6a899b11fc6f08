/// The query of a browser's `GET /callback`, each name once.
struct CallbackRequest {
  private let values: [String: String]

  subscript(name: String) -> String? { values[name] }

  /// Nil for any other request. Also nil if the `Host` is not this machine's address, as in a request of a foreign page
  /// whose DNS name was pointed here.
  init?(_ head: [UInt8], port: UInt16) {
    // Cookies of other programs may hold any bytes, so invalid UTF-8 is tolerated here.
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
