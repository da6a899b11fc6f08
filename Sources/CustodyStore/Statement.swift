package import CustodyValues
internal import Synchronization

private let issued = Atomic(0)

/// A statement's text, and its index in each connection's list of prepared statements, so that no call hashes or
/// parses text. Make each once, as a constant.
package struct Statement: Sendable {
  let number: Int
  let table: StaticString
  let sql: StaticString

  /// Makes a statement, in which values are written $1, $2 …, as both engines know them.
  package init(_ table: StaticString, _ sql: StaticString) {
    number = issued.add(1, ordering: .relaxed).oldValue
    self.table = table
    self.sql = sql
  }
}

/// A value for $1, $2 … of a statement.
package enum Value: Sendable {
  case null
  case integer(Int64)
  case blob([UInt8])
  case text(String)
  case identifier(Identifier)
  case digest(Digest)

  /// A count. One beyond the engine's integers becomes -1, which no row has.
  static func count(_ count: UInt64) -> Value { .integer(Int64(exactly: count) ?? -1) }
  static func optional(_ digest: Digest?) -> Value { digest.map(Value.digest) ?? .null }
  static func optional(_ blob: [UInt8]?) -> Value { blob.map(Value.blob) ?? .null }
}
