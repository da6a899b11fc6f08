public import CustodySecrets
internal import Synchronization

/// A refresh token inside an error. Errors are copied and secrets are not, so it can be taken only once.
public final class RescuedToken: Sendable {
  private let slot: Mutex<SecureBytes?>

  init(_ token: consuming SecureBytes) { slot = Mutex(consume token) }

  /// Takes the token out.
  ///
  /// - Returns: the refresh token; nil if it was taken before.
  public func take() -> SecureBytes? { slot.withLock { $0.take() } }
}
