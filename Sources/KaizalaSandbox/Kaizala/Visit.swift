/// One session of a browser or a script. `person` is set once they signed in; `formToken` is a secret that every
/// posted form must carry.
struct Visit: Sendable {
  let id: String
  let formToken: String
  let person: Person?
}
