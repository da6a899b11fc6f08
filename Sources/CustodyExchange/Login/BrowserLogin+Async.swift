public import Custody
internal import CustodySystem

extension BrowserLogin {
  /// Waits for the browser's answer without blocking the caller's thread.
  ///
  /// - Parameter limit: the longest wait.
  /// - Returns: the refresh token, to be stored.
  /// - Throws: as the synchronous form.
  nonisolated(nonsending) public func finish(within limit: Duration) async throws(VaultError) -> Login.Grant {
    try await BlockingWork.run { () throws(VaultError) in try finish(within: limit) }
  }
}
