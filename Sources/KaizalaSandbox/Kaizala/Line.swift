import Foundation

/// Checks one line of text that a person typed.
enum Line {
  static func read(_ text: String, as name: String, most: Int) throws(PortalRefusal) -> String {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !text.isEmpty else { throw .bad("the \(name) is missing") }
    guard text.count <= most else { throw .bad("the \(name) has more than \(most) characters") }
    guard
      text.unicodeScalars.allSatisfy({ ![.control, .format, .lineSeparator].contains($0.properties.generalCategory) })
    else { throw .bad("the \(name) has control characters") }
    return text
  }

  /// A phone number as `+15550100`. Spaces, dots, hyphens and parentheses are removed.
  static func phone(_ text: String) throws(PortalRefusal) -> String {
    let digits = text.filter { !" .-()".contains($0) }
    guard digits.wholeMatch(of: /\+?[0-9]{6,15}/) != nil else {
      throw .bad("a phone number has 6 to 15 digits, as in +15550100")
    }
    return digits
  }
}
