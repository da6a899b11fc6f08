public import CustodyValues

/// How an item is found. Whoever knows a token's tag can register a connector under it: the kind keeps them apart.
public struct ItemTag: Hashable, Sendable {
  public let kind: ItemKind
  public let tag: Digest

  public init(_ kind: ItemKind, _ tag: Digest) { (self.kind, self.tag) = (kind, tag) }
}
