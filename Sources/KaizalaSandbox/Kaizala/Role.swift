import Foundation

enum Role: String, Codable, Sendable {
  case developer, admin

  var title: String { self == .admin ? "tenant admin" : "developer" }
}
