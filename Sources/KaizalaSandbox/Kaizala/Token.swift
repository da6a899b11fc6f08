/// What the sandbox remembers of a token that it gave out, refresh or access.
struct Token: Sendable {
  let connector: String
  let reach: TokenReach
  let phone: String
  let organisation: String
  let issued: Int64
  let expires: Int64
}
