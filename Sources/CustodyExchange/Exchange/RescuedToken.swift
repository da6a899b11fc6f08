public import CustodySecrets
internal import Synchronization

/// A refresh token that an error carries, because errors are copied and secrets are not. It can be taken once.
public final class RescuedToken: Sendable {
  private let slot: Mutex<SecureBytes?>

  init(_ token: consuming SecureBytes) { slot = Mutex(consume token) }

  public func take() -> SecureBytes? { slot.withLock { $0.take() } }
}
