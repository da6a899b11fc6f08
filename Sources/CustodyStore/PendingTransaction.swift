/// A transaction under way. Where it is let go of before `commit`, nothing of it stays.
struct PendingTransaction: ~Copyable {
  private let database: any Database

  /// They don't nest.
  init(_ kind: DatabaseTransaction, on database: any Database) throws(StoreError) {
    try database.begin(kind)
    self.database = database
  }

  deinit { database.rollback() }

  /// Returns when all of it is durable.
  consuming func commit() throws(StoreError) { try database.commit() }
}

extension Database {
  /// Runs `body` in one transaction: all that it reads is of one moment, and what it writes stays where it returns. Where it
  /// throws, nothing stays.
  ///
  /// - Parameter failing: what a failure of the transaction itself is called.
  func within<Result: ~Copyable, Failure: Error>(
    _ kind: DatabaseTransaction, failing: (StoreError) -> Failure, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let transaction: PendingTransaction
    do throws(StoreError) { transaction = try PendingTransaction(kind, on: self) } catch { throw failing(error) }
    let result = try body()
    do throws(StoreError) { try transaction.commit() } catch { throw failing(error) }
    return result
  }

  /// The same for a `body` that throws what the transaction throws.
  func within<Result: ~Copyable>(
    _ kind: DatabaseTransaction, _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try within(kind, failing: { $0 }, body)
  }
}
