internal import CustodyMemory

package enum FoldPurpose: KeyPurpose {}

/// Seals the rows of one kept fold. Random, and sealed itself under the newest vault key, so that a new epoch seals one
/// key again and not a million rows.
package typealias FoldKey = Key<FoldPurpose>

extension Key where Purpose == FoldPurpose {
  /// Where a row stands whose own key would tell something, as a member's name does.
  package borrowing func place(table: UInt8, key: [UInt8]) -> [UInt8] {
    var message = PreAuthentication(count: 3)
    message.add("custody/v1/fold-place".utf8)
    message.add([table])
    message.add(key)
    return digest(message).bytes
  }
}
