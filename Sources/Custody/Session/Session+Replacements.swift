internal import CustodyEvidence
package import CustodyLog
package import CustodyValues

/// An item whose newest value one member brought, while the previous value is kept.
package struct Replacement: Sendable {
  package let kind: ItemKind
  package let item: Identifier
  /// The item's name, or its ID if the name does not open.
  package let name: String
}

extension Session {
  /// Returns the items in use whose newest value this member brought, while a revert could still restore the previous
  /// one. A new data key, as from a removal or an unshare, ends that.
  ///
  /// - Parameters:
  ///   - member: the member who brought the value.
  ///   - only: an item to look at. Nil for all.
  package func replacements(by member: Identifier, of only: Identifier? = nil) throws(VaultError) -> [Replacement] {
    try translating {
      try core.reading {
        var found: [Replacement] = []
        for item in core.history.items where !item.isRetired && only.map({ $0 == item.id }) ?? true {
          guard let earlier = item.earlier, earlier.revision != item.revision, core.opensName(of: item),
            try core.ledger.proved(item.valueEntry).actor == member
          else { continue }
          let name = (try? core.opened(item).name.text) ?? item.id.hex
          found.append(Replacement(kind: item.kind, item: item.id, name: name))
        }
        return found.sorted { $0.name < $1.name }
      }
    }
  }
}
