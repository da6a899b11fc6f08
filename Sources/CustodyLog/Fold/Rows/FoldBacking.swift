internal import CustodyValues

/// Rows that were kept. A read that fails does not throw: it finds nothing, and the rows are damaged from then on. Who folds asks
/// that after the last read and before they rely on any, and then folds anew from the first entry.
package protocol FoldBacking: AnyObject, Sendable {
  var isDamaged: Bool { get }
  func noteDamage()
  func count(table: UInt8) -> Int
  func read(table: UInt8, key: [UInt8]) -> [UInt8]?
  /// The key of the row of table `target` that this key points to.
  func target(table: UInt8, key: [UInt8], in target: UInt8) -> [UInt8]?
  func page(table: UInt8, after: [UInt8]) -> FoldPage
}
