/// What can be wrong on the command line: what, and what to type instead.
struct UsageError: Error {
  let message: String
  let hint: String
}
