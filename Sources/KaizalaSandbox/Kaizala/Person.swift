import Foundation

/// Who is signed in, as they said at the door: a sandbox knows no passwords.
struct Person: Sendable {
  let email: String
  let role: PortalRole
  let organisation: String

  /// Two who type one name in two ways are of one organisation.
  func isColleague(of other: Person) -> Bool { organisation.lowercased() == other.organisation.lowercased() }

  init(email: String, role: String, organisation: String) throws(PortalRefusal) {
    let email = email.trimmingCharacters(in: .whitespaces).lowercased()
    let parts = email.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), !email.contains(" ") else {
      throw .bad("a work e-mail looks like ada@contoso.example")
    }
    guard let role = PortalRole(rawValue: role) else { throw .bad("the role is developer or admin") }
    self.email = try Line.read(email, as: "e-mail", most: 254)
    self.role = role
    self.organisation = try Line.read(organisation, as: "organisation", most: 100)
  }
}
