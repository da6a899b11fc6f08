internal import CustodyValues

package enum FoldPurpose: KeyPurpose {}

/// Seals the rows of one kept fold. Random, and sealed itself under the newest vault key, so that a new epoch seals one
/// key again and not a million rows.
package typealias FoldKey = Key<FoldPurpose>

extension Key where Purpose == FoldPurpose {
  /// By which a row is found: nobody who chooses keys can make two alike in it.
  package borrowing func mark(table: UInt8, key: [UInt8]) -> UInt64 {
    var message = PreAuthentication(count: 3)
    message.add("custody/v1/fold-mark".utf8)
    message.add([table])
    message.add(key)
    return unsafe digest(message).withUnsafeBytes { unsafe UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
  }
}
