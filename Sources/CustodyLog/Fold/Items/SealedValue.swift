package import CustodyValues

/// A sealed secret as its entry names it.
package struct SealedValue: Equatable, Sendable {
  package let entry: UInt64
  package let sha256: Digest

  init(entry: UInt64, sha256: Digest) { (self.entry, self.sha256) = (entry, sha256) }
}
