internal import CustodySystem

extension Session {
  /// Lends the session to blocking work on a thread of its own, while an async caller waits for it.
  nonisolated(nonsending) package func lend<R: ~Copyable>(
    _ body: @escaping (borrowing Session) throws(VaultError) -> R
  ) async throws(VaultError) -> R {
    let core = core
    return try await BlockingWork.run { () throws(VaultError) in try body(Session(core)) }
  }
}
