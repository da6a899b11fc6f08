public import Custody
internal import CustodySystem

extension BrowserLogin {
  /// Waits for the browser without blocking the caller's thread.
  nonisolated(nonsending) public func finish(within limit: Duration) async throws(VaultError) -> Login.Grant {
    try await BlockingWork.run { () throws(VaultError) in try finish(within: limit) }
  }
}
