package import CustodyValues

/// The newest checkpoint that an entry's author had verified.
package struct Seen: Equatable, Sendable {
  package let size: UInt64
  package let root: Digest

  package init(size: UInt64, root: Digest) { (self.size, self.root) = (size, root) }
}
