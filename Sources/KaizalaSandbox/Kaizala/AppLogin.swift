struct AppLogin: Hashable, Sendable {
  let number: String
  let connector: String
}
