/// Whether the act took place, was not permitted, or failed.
package enum Outcome: String, CaseIterable, Sendable {
  case ok, denied, error
}
