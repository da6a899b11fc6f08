/// A URL with variables in braces: `https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token`.
struct URLTemplate {
  private enum Piece { case text(Substring), name(String) }
  private let pieces: [Piece]

  /// Nil if the braces don't match.
  init?(_ text: String) {
    var (pieces, rest): ([Piece], Substring) = ([], text[...])
    while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      guard rest[open] == "{", let close = rest[open...].firstIndex(of: "}") else { return nil }
      let name = rest[rest.index(after: open)..<close]
      guard !name.isEmpty, !name.contains("{") else { return nil }
      pieces += [.text(rest[..<open]), .name(String(name))]
      rest = rest[rest.index(after: close)...]
    }
    self.pieces = pieces + [.text(rest)]
  }

  var names: [String] { pieces.compactMap { if case .name(let name) = $0 { name } else { nil } } }

  /// The URL with the variables replaced; nil if one has no value.
  func filled(_ values: [String: String]) -> String? {
    var url = ""
    for piece in pieces {
      switch piece {
      case .text(let text): url += text
      case .name(let name):
        guard let value = values[name] else { return nil }
        url += value
      }
    }
    return url
  }

  /// True if a value can't change the URL's structure: a tenant's ID or domain, a region.
  static func isPlain(_ value: String) -> Bool {
    1...253 ~= value.utf8.count && !value.contains("..") && value != "."
      && value.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}
