package import CustodyValues

/// The index key of an item that is not retired. The kind is part of it, because anyone who knows a token's tag could
/// register a connector under it.
package struct ItemTag: Hashable, Sendable {
  package let kind: ItemKind
  package let tag: Digest

  package init(_ kind: ItemKind, _ tag: Digest) { (self.kind, self.tag) = (kind, tag) }
}
