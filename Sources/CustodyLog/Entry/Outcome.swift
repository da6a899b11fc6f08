/// The result of an act: done (`ok`), not permitted (`denied`) or failed (`error`).
package enum Outcome: String, CaseIterable, Sendable {
  case ok, denied, error
}
