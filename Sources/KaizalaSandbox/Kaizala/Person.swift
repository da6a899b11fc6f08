import Foundation

/// A signed-in person, by what they typed. The sandbox has no passwords.
struct Person: Sendable {
  let email: String
  let role: PortalRole
  let organisation: String

  /// True for people of one organisation, whose name is compared without regard to case.
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
