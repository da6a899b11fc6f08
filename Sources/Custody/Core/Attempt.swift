internal import CustodyLog
internal import CustodyValues

/// What was tried, and was not permitted or failed: it leaves an entry of its own.
struct Attempt: Sendable {
  let outcome: Outcome
  let action: Action
  let item: Identifier?
}

extension VaultError {
  /// This error, to be recorded as an attempt that was not permitted.
  func denying(_ action: Action, _ item: Identifier?) -> VaultError {
    var error = self
    error.attempt = Attempt(outcome: .denied, action: action, item: item)
    return error
  }
}
