import CustodySystem
import CustodyValues

/// Running text in lines that fit.
enum Wrapped {
  /// The terminal's width, at most 100 columns for readability; 80 without a terminal.
  static var width: Int { max(30, min(Output.columns(of: 1) ?? 80, 100)) }

  static func lines(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, PrintableText.width(last) + 1 + PrintableText.width(String(word)) <= width {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
