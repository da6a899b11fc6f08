public import CustodyValues

/// A sealed secret, as its entry names it.
public struct SealedValue: Equatable, Sendable {
  public let entry: UInt64
  public let sha256: Digest

  init(entry: UInt64, sha256: Digest) { (self.entry, self.sha256) = (entry, sha256) }
}
