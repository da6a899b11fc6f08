public import CustodyValues

/// The newest checkpoint that an entry's author had verified.
public struct Seen: Equatable, Sendable {
  public let size: UInt64
  public let root: Digest

  public init(size: UInt64, root: Digest) { (self.size, self.root) = (size, root) }
}
