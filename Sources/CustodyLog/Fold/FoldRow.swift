package import CustodyMemory

/// A value that a fold keeps in a row of its own.
package protocol FoldRow: Sendable {
  func write(to out: inout OctetWriter)
  init(reading reader: inout OctetReader) throws(OctetReader.Malformed)
}

/// By what a row is found.
package protocol FoldKeyed: Hashable, Sendable {
  var foldKey: [UInt8] { get }
  init?(foldKey: [UInt8])
}

extension Identifier: FoldKeyed {
  package var foldKey: [UInt8] { bytes }
  package init?(foldKey: [UInt8]) { self.init(foldKey) }
}

extension Digest: FoldKeyed {
  package var foldKey: [UInt8] { bytes }
  package init?(foldKey: [UInt8]) { self.init(foldKey) }
}

extension String: FoldKeyed {
  package var foldKey: [UInt8] { Array(utf8) }
  package init?(foldKey: [UInt8]) { self.init(validating: foldKey, as: UTF8.self) }
}

extension Identifier: FoldRow {
  package func write(to out: inout OctetWriter) { out.write(self) }
  package init(reading reader: inout OctetReader) throws(OctetReader.Malformed) { self = try reader.identifier() }
}

extension UInt64: FoldRow {
  package func write(to out: inout OctetWriter) { out.write(self) }
  package init(reading reader: inout OctetReader) throws(OctetReader.Malformed) { self = try reader.number() }
}

/// A row that changed since it was last saved. Without a value it was removed.
package struct FoldChange: Equatable, Sendable {
  package let table: UInt8
  package let key: [UInt8]
  package let value: [UInt8]?

  package init(table: UInt8, key: [UInt8], value: [UInt8]?) { (self.table, self.key, self.value) = (table, key, value) }
}

/// Rows that follow one another, and from where to go on; nil at the end.
package struct FoldPage {
  package let rows: [(key: [UInt8], value: [UInt8])]
  package let next: [UInt8]?

  package init(rows: [(key: [UInt8], value: [UInt8])], next: [UInt8]?) { (self.rows, self.next) = (rows, next) }
}

/// Rows that were kept. A read that fails does not throw: it finds nothing, and the rows are damaged from then on. Who folds asks
/// that after the last read and before they rely on any, and then folds anew from the first entry.
package protocol FoldBacking: AnyObject, Sendable {
  var isDamaged: Bool { get }
  func noteDamage()
  func count(table: UInt8) -> Int
  func read(table: UInt8, key: [UInt8]) -> [UInt8]?
  func page(table: UInt8, after: [UInt8]) -> FoldPage
}
