internal import CustodyCrypto
internal import CustodyLog
package import CustodyValues

/// A sealed text that an export discloses. It includes its salt, without which its hash in the log could be guessed.
package enum Disclosure {
  /// An item's metadata, and the index of the entry that names its hash.
  case item(Identifier, index: UInt64, metadata: [UInt8])
  case reason(index: UInt64, note: [UInt8])
}
