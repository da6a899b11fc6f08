/// An introspection response (RFC 7662, section 2.2). Times are by the realm's clock.
struct Introspection: Encodable, Sendable {
  var active = false
  var scope, clientID, tokenType: String?
  var issued, expires: Int64?

  enum CodingKeys: String, CodingKey {
    case active, scope
    case clientID = "client_id"
    case tokenType = "token_type"
    case issued = "iat"
    case expires = "exp"
  }
}
