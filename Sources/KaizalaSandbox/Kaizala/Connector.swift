struct Connector: Sendable {
  let id: String
  let secret: String
  let name: String
  let details: String
  let permissions: [String]
  let owner: Person
  var isActive = true

  var scope: String { permissions.joined(separator: ",") }
}

/// A connector as a person describes it, before it has an ID and a secret.
struct ConnectorDraft: Sendable {
  let name: String
  let details: String
  let permissions: [String]

  init(name: String, details: String, permissions: [String]) throws(PortalRefusal) {
    self.name = try Line.read(name, as: "name", most: 100)
    guard details.count <= 500 else { throw .bad("the details have more than 500 characters") }
    self.details = details
    for permission in permissions where !Permission.all.contains(permission) {
      throw .bad("there is no permission \"\(permission)\"")
    }
    guard !permissions.isEmpty else { throw .bad("a connector needs at least one permission") }
    self.permissions = Permission.all.filter(permissions.contains)
  }
}
