enum PortalRole: String, Codable, Sendable {
  case developer, admin

  var title: String { self == .admin ? "tenant admin" : "developer" }
}
