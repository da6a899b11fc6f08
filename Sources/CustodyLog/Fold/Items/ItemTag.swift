package import CustodyValues

/// How an item is found. Whoever knows a token's tag can register a connector under it: the kind keeps them apart.
package struct ItemTag: Hashable, Sendable {
  package let kind: ItemKind
  package let tag: Digest

  package init(_ kind: ItemKind, _ tag: Digest) { (self.kind, self.tag) = (kind, tag) }
}
