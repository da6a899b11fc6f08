package import CustodyValues

/// One connection to a database engine, with what the queries need of it. One thread at a time uses it.
///
/// A row is the connection's own object, so that none is allocated; it is not valid after the body returns.
package protocol Database: AnyObject {
  var isReadOnly: Bool { get }
  /// True if statements wait some seconds for another connection's write, which is the default. If false, they give up
  /// almost at once.
  var waitsForOthers: Bool { get set }

  /// Runs a query, and calls `body` for each row until it returns false. `body` may run other statements, or the same
  /// one.
  func run(
    _ statement: Statement, _ values: [Value], _ body: (any Row) throws(StoreError) -> Bool
  ) throws(StoreError)

  /// Runs an insert, update or delete, and returns the number of rows that it touched.
  func change(_ statement: Statement, _ values: [Value]) throws(StoreError) -> Int

  /// Begins a transaction. Transactions don't nest.
  func begin(_ transaction: DatabaseTransaction) throws(StoreError)
  /// Commits, and returns once the transaction is durable. If it throws, the transaction is rolled back.
  func commit() throws(StoreError)
  /// Rolls back. Does nothing if no transaction is open.
  func rollback()

  /// The engine's migrations, in order.
  var migrations: [Migration] { get }
  /// Runs several statements without values, inside the open transaction.
  func execute(script: [UInt8]) throws(StoreError)
  /// Copies the committed database to a file beside it, before migration `step` changes it. Called inside the open
  /// transaction.
  func backUp(before step: String) throws(StoreError)
  /// Throws unless the schema is, object by object, the one that the first `count` migrations make.
  func checkSchema(after count: Int) throws(StoreError)

  /// Allows the write-ahead log that was found beside the file to be copied into it, once it is known to belong to
  /// the vault.
  func trustLog()
  /// The path of that log until then. Nil if there was none.
  var untrustedLog: String? { get }

  /// Copies all that was committed into the file itself. Throws if another connection is at work.
  func emptyLog() throws(StoreError)

  /// The size of the database in bytes.
  func size() throws(StoreError) -> Int
  /// Closes the connection. Nothing may be run afterwards.
  func close()
}

package typealias Migration = (name: String, sql: [UInt8])

package enum DatabaseTransaction: Sendable { case read, write }

/// One row of a running query. Columns count from 0. Reading a value of another type throws `malformed`.
package protocol Row: AnyObject {
  /// The table that `malformed` names.
  var table: StaticString { get }
  func isNull(_ column: Int) -> Bool
  func integer(_ column: Int) throws(StoreError) -> Int64
  func blob(_ column: Int) throws(StoreError) -> [UInt8]
  func text(_ column: Int) throws(StoreError) -> String
  func digest(_ column: Int) throws(StoreError) -> Digest
}

extension Row {
  package var malformed: StoreError { .malformed(table: table.description) }

  package func optionalBlob(_ column: Int) throws(StoreError) -> [UInt8]? {
    isNull(column) ? nil : try blob(column)
  }

  package func optionalDigest(_ column: Int) throws(StoreError) -> Digest? {
    isNull(column) ? nil : try digest(column)
  }

  package func identifier(_ column: Int) throws(StoreError) -> Identifier {
    guard let identifier = Identifier(try blob(column)) else { throw malformed }
    return identifier
  }

  /// Reads a count, a position or an epoch, which is never negative.
  package func count(_ column: Int) throws(StoreError) -> UInt64 {
    let integer = try integer(column)
    guard integer >= 0 else { throw malformed }
    return UInt64(integer)
  }

  package func flag(_ column: Int) throws(StoreError) -> Bool {
    switch try integer(column) {
    case 0: false
    case 1: true
    default: throw malformed
    }
  }

  package func kind<Kind: RawRepresentable<Int64>>(_ column: Int) throws(StoreError) -> Kind {
    guard let kind = Kind(rawValue: try integer(column)) else { throw malformed }
    return kind
  }
}
