internal import CustodyLog
internal import CustodyValues

/// An action that was refused or failed, to be recorded by an entry of its own.
struct Attempt: Sendable {
  let outcome: Outcome
  let action: Action
  let item: Identifier?
}

extension VaultError {
  /// Returns this error as a refusal that is to be recorded.
  func denying(_ action: Action, _ item: Identifier?) -> VaultError {
    var error = self
    error.attempt = Attempt(outcome: .denied, action: action, item: item)
    return error
  }
}
