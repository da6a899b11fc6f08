public import Custody
internal import CustodySystem

extension DeviceLogin {
  /// Asks the provider for a code without blocking the caller's thread.
  nonisolated(nonsending) public init(_ login: Login) async throws(VaultError) {
    self = try await BlockingWork.run { () throws(VaultError) in try DeviceLogin(login) }
  }

  /// Waits until the person has decided, or the code expires, without blocking the caller's thread.
  ///
  /// - Returns: the refresh token, to be stored.
  /// - Throws: as the synchronous form.
  nonisolated(nonsending) public func finish() async throws(VaultError) -> Login.Grant {
    try await BlockingWork.run { () throws(VaultError) in try finish() }
  }
}
