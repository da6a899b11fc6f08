internal import CustodyMemory

package enum FoldPurpose: KeyPurpose {}

/// Seals the rows of one kept fold. Random, and sealed itself under the newest vault key, so that a new epoch seals one
/// key again and not a million rows.
package typealias FoldKey = Key<FoldPurpose>

extension Key where Purpose == FoldPurpose {
  /// By which a row is found: tells nothing of its key, and nobody who chooses keys can make two rows alike in it.
  package borrowing func mark(table: UInt8, key: [UInt8]) -> Int64 {
    var message = PreAuthentication(count: 3)
    message.add("custody/v1/fold-mark".utf8)
    message.add([table])
    message.add(key)
    var mark: UInt64 = 0
    for byte in digest(message).bytes.prefix(8) { mark = mark << 8 | UInt64(byte) }
    return Int64(bitPattern: mark)
  }
}
