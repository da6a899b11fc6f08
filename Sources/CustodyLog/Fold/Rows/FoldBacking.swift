internal import CustodyValues

/// A store of a fold's rows from an earlier run.
///
/// A read that fails does not throw: it finds nothing, and sets `isDamaged`. The caller checks that after the last read
/// and before relying on any, and if it is set folds again from the first entry.
package protocol FoldBacking: AnyObject, Sendable {
  var isDamaged: Bool { get }
  func noteDamage()
  func count(table: UInt8) -> Int
  func read(table: UInt8, key: [UInt8]) -> [UInt8]?
  /// The key of the row in table `target` that this key points to.
  func target(table: UInt8, key: [UInt8], in target: UInt8) -> [UInt8]?
  func page(table: UInt8, after: [UInt8]) -> FoldPage
}
