package import CustodyValues

/// A value that a fold keeps as a row.
package protocol FoldRow: Sendable {
  func write(to out: inout OctetWriter)
  init(reading reader: inout OctetReader) throws(OctetReader.Malformed)
}

/// The key of a row.
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

extension ItemTag: FoldKeyed {
  package var foldKey: [UInt8] { [kind == .connector ? 1 : 2] + tag.bytes }
  package init?(foldKey: [UInt8]) {
    guard let kind = foldKey.first, kind == 1 || kind == 2, let tag = Digest(Array(foldKey.dropFirst())) else {
      return nil
    }
    self.init(kind == 1 ? .connector : .token, tag)
  }
}

extension String: FoldKeyed {
  package var foldKey: [UInt8] { Array(utf8) }
  package init?(foldKey: [UInt8]) { self.init(validating: foldKey, as: UTF8.self) }
}

/// Big-endian, so that rows sort in the order of the numbers.
extension UInt64: FoldKeyed {
  package var foldKey: [UInt8] { bigEndianBytes() }
  package init?(foldKey: [UInt8]) {
    guard foldKey.count == 8 else { return nil }
    self.init(bigEndianBytes: foldKey[...])
  }
}

extension UInt64: FoldRow {
  package func write(to out: inout OctetWriter) { out.write(self) }
  package init(reading reader: inout OctetReader) throws(OctetReader.Malformed) { self = try reader.number() }
}

/// A row that changed since it was last saved. `value` is nil if it was removed.
package struct FoldChange: Equatable, Sendable {
  package let table: UInt8
  package let key: [UInt8]
  /// The row's bytes; for a pointer, the key of the row that it points to.
  package let value: [UInt8]?
  /// A pointer's target table; nil for a row. A pointer is no row of its own, but a second key of the target row.
  package let target: UInt8?

  package init(table: UInt8, key: [UInt8], value: [UInt8]?, target: UInt8? = nil) {
    (self.table, self.key, self.value, self.target) = (table, key, value, target)
  }
}

/// A page of rows in order, and the key after which the next page begins; nil at the end.
package struct FoldPage {
  package let rows: [(key: [UInt8], value: [UInt8])]
  package let next: [UInt8]?

  package init(rows: [(key: [UInt8], value: [UInt8])], next: [UInt8]?) { (self.rows, self.next) = (rows, next) }
}
