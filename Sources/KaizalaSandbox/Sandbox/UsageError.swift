/// A mistake on the command line, and a hint about what to type instead.
struct UsageError: Error {
  let message: String
  let hint: String
}
