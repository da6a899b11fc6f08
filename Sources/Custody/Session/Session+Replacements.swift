internal import CustodyEvidence
package import CustodyLog
package import CustodyValues

/// An item whose newest value one member brought, while the value before is kept.
package struct Replacement: Sendable {
  package let kind: ItemKind
  package let item: Identifier
  /// Its ID where the name does not open.
  package let name: String
}

extension Session {
  /// Items in use whose newest value this member brought in the place of another's or of their own, while a revert could still
  /// bring back the one before. A new data key, as a removal or an unshare makes it, ends that. `only`: of that one alone.
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
