internal import CustodyValues

package enum FoldPurpose: KeyPurpose {}

/// Seals the rows of one kept fold. The key is random, and itself sealed under the newest vault key, so that a new
/// epoch reseals one key and not a million rows.
package typealias FoldKey = Key<FoldPurpose>

extension Key where Purpose == FoldPurpose {
  /// A keyed mark by which a row is found. Without the key nobody can choose two rows with the same mark.
  package borrowing func mark(table: UInt8, key: [UInt8]) -> UInt64 {
    var message = PreAuthentication(count: 3)
    message.add("custody/v1/fold-mark".utf8)
    message.add([table])
    message.add(key)
    return UInt64(littleEndianBytes: digest(message).bytes[..<8])
  }
}
