internal import CustodySystem

extension Session {
  /// Lends the session to blocking work on a thread of its own, while an async caller waits for it. `mutating`, so that nobody else can use the
  /// session meanwhile: not even an actor that owns it, whose other calls run while one of them waits.
  nonisolated(nonsending) package mutating func lend<R: ~Copyable>(
    _ body: @escaping (borrowing Session) throws(VaultError) -> R
  ) async throws(VaultError) -> R {
    let core = core
    return try await BlockingWork.run { () throws(VaultError) in try body(Session(core)) }
  }
}
