/// A refresh or access token that was given out. Times are in seconds since 1970.
struct Token: Sendable {
  let connector: String
  let reach: TokenReach
  let phone: String
  let organisation: String
  let issued: Int64
  let expires: Int64
}
