/// A vault's rows. Knows no plaintext, no role and no key. Used by one thread at a time.
///
/// Queries throw `StoreError`. An insert of a key that is taken throws `conflict`; a change of a row that is not there, `notFound`.
package final class Store {
  private let database: any Database

  package init(_ database: any Database) { self.database = database }

  package var isReadOnly: Bool { database.isReadOnly }

  /// Frees the connection; nothing may be asked after it.
  package func close() { database.close() }

  // MARK: Transactions

  package func begin(_ transaction: Transaction) throws(StoreError) { try database.begin(transaction) }
  /// Returns when the transaction is durable. Where it throws, nothing of it stays.
  package func commit() throws(StoreError) { try database.commit() }
  package func rollback() { database.rollback() }

  /// All that `body` reads is of one moment.
  package func read<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
    try transact(.read, body)
  }

  /// All that `body` writes stays, or, where it throws, nothing. No other writer is between its reads and its writes.
  package func write<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
    try transact(.write, body)
  }

  /// As `write`, but where another connection writes it soon throws.
  package func writeUnlessBusy<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
    database.waitsForOthers = false
    defer { database.waitsForOthers = true }
    return try transact(.write, body)
  }

  private func transact<Result: ~Copyable>(
    _ transaction: Transaction, _ body: () throws -> Result
  ) throws -> Result {
    try begin(transaction)
    do {
      let result = try body()
      try commit()
      return result
    } catch {
      rollback()
      throw error
    }
  }

  /// All that is in the log is in the file when it returns.
  package func emptyLog() throws(StoreError) { try database.emptyLog() }

  func execute(script: String) throws(StoreError) { try database.execute(script: Array(script.utf8)) }

  /// In a database that has none.
  func makeTables() throws(StoreError) { try database.migrateFromNothing() }

  /// To be called once what is stored was verified; until then nothing that was found beside the file is put into it.
  package func trustLog() { database.trustLog() }
  /// What was found beside the file, and is not known to be its own. Nil where nothing was.
  package var untrustedLog: String? { database.untrustedLog }

  // MARK: What the queries are made of

  func first<Record>(
    _ statement: Statement, _ values: [Value], _ decode: (any Row) throws(StoreError) -> Record
  ) throws(StoreError) -> Record? {
    var record: Record?
    try database.run(statement, values) { row throws(StoreError) in
      record = try decode(row)
      return false
    }
    return record
  }

  func all<Record>(
    _ statement: Statement, _ values: [Value], _ decode: (any Row) throws(StoreError) -> Record
  ) throws(StoreError) -> [Record] {
    var records: [Record] = []
    try database.run(statement, values) { row throws(StoreError) in
      records.append(try decode(row))
      return true
    }
    return records
  }

  /// Throws what `body` throws, or a `StoreError`.
  func each<Record>(
    _ statement: Statement, _ values: [Value], _ decode: (any Row) throws(StoreError) -> Record,
    _ body: (Record) throws -> Void
  ) throws {
    var stopped: (any Error)?
    try database.run(statement, values) { row throws(StoreError) in
      let record = try decode(row)
      do { try body(record) } catch { stopped = error }
      return stopped == nil
    }
    if let stopped { throw stopped }
  }

  @discardableResult
  func change(_ statement: Statement, _ values: [Value]) throws(StoreError) -> Int {
    try database.change(statement, values)
  }

  func changeOne(_ statement: Statement, _ values: [Value]) throws(StoreError) {
    guard try change(statement, values) > 0 else { throw .notFound }
  }

  // MARK: Size

  package func fileSize() throws(StoreError) -> Int { try database.size() }
}
