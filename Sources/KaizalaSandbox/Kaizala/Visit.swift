/// A browser or a script that came by; `person` once it signed in. `formToken` is what its forms must carry.
struct Visit: Sendable {
  let id: String
  let formToken: String
  let person: Person?
}
