/// A vault's rows. Knows no plaintext, no role and no key. Used by one thread at a time.
///
/// Queries throw `StoreError`. A row that is malformed is passed over, as if it were not there, and kept for `takeUnreadable`. An insert of a key that is taken throws `conflict`; a change of a row that is not there, `notFound`.
package final class Store {
  private let database: any Database
  /// What queries came upon since it was last taken, each once. Bounded: who damages a file can do it a million times.
  private var unreadable: Set<UnreadableRow> = []
  private static let mostUnreadable = 1000

  package init(_ database: any Database) { self.database = database }

  package var isReadOnly: Bool { database.isReadOnly }

  /// Frees the connection; nothing may be asked after it.
  package func close() { database.close() }

  // MARK: Transactions

  package func begin(_ transaction: DatabaseTransaction) throws(StoreError) { try database.begin(transaction) }
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
    _ transaction: DatabaseTransaction, _ body: () throws -> Result
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

  /// The first that can be read.
  func first<Record>(
    _ statement: Statement, _ values: [Value], _ decode: (any Row) throws(StoreError) -> Record
  ) throws(StoreError) -> Record? {
    var record: Record?
    try database.run(statement, values) { row throws(StoreError) in
      record = try readable(row, decode)
      return record == nil
    }
    return record
  }

  /// As `first`, of a row that nobody may take for a missing one.
  func firstOrMalformed<Record>(
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
      if let record = try readable(row, decode) { records.append(record) }
      return true
    }
    return records
  }

  /// At most 256 rows; none only where no more can be read. The statement's last value is how many rows it passes over.
  func page<Record>(
    _ statement: Statement, _ values: [Value], _ decode: (any Row) throws(StoreError) -> Record
  ) throws(StoreError) -> [Record] {
    var records: [Record] = []
    var passedOver: Int64 = 0
    var found: Int64
    repeat {
      found = 0
      try database.run(statement, values + [.integer(passedOver)]) { row throws(StoreError) in
        found += 1
        if let record = try readable(row, decode) { records.append(record) }
        return true
      }
      passedOver += found
    } while records.isEmpty && found > 0
    return records
  }

  /// Throws what `body` throws, or a `StoreError`.
  func each<Record>(
    _ statement: Statement, _ values: [Value], _ decode: (any Row) throws(StoreError) -> Record,
    _ body: (Record) throws -> Void
  ) throws {
    var stopped: (any Error)?
    try database.run(statement, values) { row throws(StoreError) in
      guard let record = try readable(row, decode) else { return true }
      do { try body(record) } catch { stopped = error }
      return stopped == nil
    }
    if let stopped { throw stopped }
  }

  /// Nil for a row that is malformed, which is kept in mind.
  private func readable<Record>(
    _ row: any Row, _ decode: (any Row) throws(StoreError) -> Record
  ) throws(StoreError) -> Record? {
    do { return try decode(row) } catch .malformed {
      if unreadable.count < Self.mostUnreadable { unreadable.insert(UnreadableRow(row)) }
      return nil
    }
  }

  /// The malformed rows that queries passed over since the last call.
  package func takeUnreadable() -> Set<UnreadableRow> {
    defer { unreadable = [] }
    return unreadable
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
