internal import CustodyCrypto
internal import CustodyLog
package import CustodyValues

/// Sealed text that an export shows, with the salt that keeps its hash in the log from telling of it.
package enum Disclosure {
  /// Metadata that an item has, and an entry that names its hash.
  case item(Identifier, index: UInt64, metadata: [UInt8])
  case reason(index: UInt64, note: [UInt8])
}
