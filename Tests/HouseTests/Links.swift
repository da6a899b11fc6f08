import Foundation

/// Links from one paper to another.
enum Links {
  static var papers: [String] {
    (House.files(in: "docs", ending: ".md").map(\.path)
      + ["README", "SECURITY", "CONTRIBUTING", "CHANGELOG"].map { $0 + ".md" })
  }

  /// The links of a Markdown text that lead to no other host, without its code blocks.
  static func targets(in text: String) -> [String] {
    text.replacing(/(?s)```.*?```/, with: "").matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }
      .filter { !$0.contains("://") }
  }

  static func resolve(_ link: String, from path: String) -> String {
    let base = URL(fileURLWithPath: "/" + path).deletingLastPathComponent()
    return String(base.appendingPathComponent(link).standardizedFileURL.path.dropFirst())
  }

  /// The anchors that GitHub makes of headings, and those that stand in the text.
  static func anchors(in text: String) -> Set<String> {
    let headings = text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
      String(
        line.drop { $0 == "#" || $0 == " " }.lowercased().compactMap { letter -> Character? in
          letter == " " ? "-" : letter.isLetter || letter.isNumber || letter == "-" || letter == "_" ? letter : nil
        })
    }
    return Set(headings).union(text.matches(of: /<a id="([^"]+)">/).map { String($0.output.1) })
  }

  /// The text as one line, however it was broken.
  static func joined(_ text: String) -> String { text.split { $0.isWhitespace }.joined(separator: " ") }
}
