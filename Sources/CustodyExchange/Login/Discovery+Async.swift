public import Custody
internal import CustodySystem

extension Discovery {
  /// Asks an issuer for its endpoints without blocking the caller's thread.
  nonisolated(nonsending) public init(issuer: String, today: String, caFile: String? = nil) async throws(VaultError) {
    self = try await BlockingWork.run { () throws(VaultError) in
      try Discovery(issuer: issuer, today: today, caFile: caFile)
    }
  }
}
