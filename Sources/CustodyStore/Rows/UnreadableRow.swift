package import CustodyValues

/// Names a row with a value that its column can't hold. Queries go on as if the row were missing.
package struct UnreadableRow: Hashable, Sendable {
  /// The first column of the row's key, if it can be read.
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
