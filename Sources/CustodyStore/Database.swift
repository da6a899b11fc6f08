package import CustodyValues

/// One connection to an engine: all that the queries need of it. Used by one thread at a time.
///
/// A row is the connection's own object, so that nothing is allocated for it; it is void when the body returns.
package protocol Database: AnyObject {
  var isReadOnly: Bool { get }
  /// Whether the end of another connection's write is waited for: for seconds, and so it is at first, or hardly.
  var waitsForOthers: Bool { get set }

  /// Runs a query; `body` is called for each row until it returns false. It may run other statements, or the same one.
  func run(
    _ statement: Statement, _ values: [Value], _ body: (any Row) throws(StoreError) -> Bool
  ) throws(StoreError)

  /// Runs an insert, update or delete; returns how many rows it touched.
  func change(_ statement: Statement, _ values: [Value]) throws(StoreError) -> Int

  /// Transactions don't nest.
  func begin(_ transaction: DatabaseTransaction) throws(StoreError)
  /// Returns when the transaction is durable. Where it throws, the transaction is rolled back.
  func commit() throws(StoreError)
  /// Does nothing where no transaction is open.
  func rollback()

  /// The engine's own steps, in order.
  var migrations: [Migration] { get }
  /// Several statements without values, inside the open transaction.
  func execute(script: [UInt8]) throws(StoreError)
  /// A copy of what is committed beside the database, before a step changes it. Inside the open transaction.
  func backUp(before step: String) throws(StoreError)
  /// Throws unless the schema is, object by object, what the first `count` migrations make.
  func checkSchema(after count: Int) throws(StoreError)

  /// Changes that other processes left behind may be put where they belong, now that they are known to be the vault's.
  func trustLog()
  /// Where those are, until then. Nil where there were none.
  var untrustedLog: String? { get }

  /// Puts all that was committed where it belongs; throws where another connection is at work.
  func emptyLog() throws(StoreError)

  /// Bytes that the rows take at rest.
  func size() throws(StoreError) -> Int
  /// Frees the connection; nothing may be run after it.
  func close()
}

package typealias Migration = (name: String, sql: [UInt8])

package enum DatabaseTransaction: Sendable { case read, write }

/// One row of a running query. Columns count from 0; a value of another type than asked for is `malformed`.
package protocol Row: AnyObject {
  /// Named in `malformed`.
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

  /// A count, a position, an epoch: never negative.
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
