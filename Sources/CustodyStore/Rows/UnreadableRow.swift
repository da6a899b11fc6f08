package import CustodyValues

/// A row with a value of another type, length or range than its column has. Queries go on as if it were not there.
package struct UnreadableRow: Hashable, Sendable {
  /// The first column of its key, where that can be read.
  package enum Key: Hashable, Sendable {
    case identifier(Identifier)
    case number(UInt64)
    case none
  }

  package let table: String
  package let key: Key

  init(_ row: any Row) {
    table = row.table.description
    if let identifier = try? row.identifier(0) {
      key = .identifier(identifier)
    } else {
      key = (try? row.count(0)).map(Key.number) ?? .none
    }
  }
}
