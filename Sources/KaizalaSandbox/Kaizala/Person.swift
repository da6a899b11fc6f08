import Foundation

enum Role: String, Codable, Sendable {
  case developer, admin

  var title: String { self == .admin ? "tenant admin" : "developer" }
}

/// Who is signed in, as they said at the door: a sandbox knows no passwords.
struct Person: Sendable {
  let email: String
  let role: Role
  let organisation: String

  /// Two who type one name in two ways are of one organisation.
  func isColleague(of other: Person) -> Bool { organisation.lowercased() == other.organisation.lowercased() }

  init(email: String, role: String, organisation: String) throws(Refusal) {
    let email = email.trimmingCharacters(in: .whitespaces).lowercased()
    let parts = email.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), !email.contains(" ") else {
      throw .bad("a work e-mail looks like ada@contoso.example")
    }
    guard let role = Role(rawValue: role) else { throw .bad("the role is developer or admin") }
    self.email = try Line.read(email, as: "e-mail", most: 254)
    self.role = role
    self.organisation = try Line.read(organisation, as: "organisation", most: 100)
  }
}

/// One line that a person typed.
enum Line {
  static func read(_ text: String, as name: String, most: Int) throws(Refusal) -> String {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !text.isEmpty else { throw .bad("the \(name) is missing") }
    guard text.count <= most else { throw .bad("the \(name) has more than \(most) characters") }
    guard
      text.unicodeScalars.allSatisfy({ ![.control, .format, .lineSeparator].contains($0.properties.generalCategory) })
    else { throw .bad("the \(name) has control characters") }
    return text
  }

  /// A phone number as `+15550100`: spaces, dots, hyphens and parentheses are for people.
  static func phone(_ text: String) throws(Refusal) -> String {
    let digits = text.filter { !" .-()".contains($0) }
    guard digits.wholeMatch(of: /\+?[0-9]{6,15}/) != nil else {
      throw .bad("a phone number has 6 to 15 digits, as in +15550100")
    }
    return digits
  }
}
