internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues

/// Disclosed names and reasons, each checked against the hash in its entry.
struct DisclosedNames {
  /// Names by item, with the hash of the metadata that has the name.
  private var names: [Identifier: (name: ItemName, sha256: Digest)] = [:]
  private(set) var reasons: [UInt64: String] = [:]
  /// Disclosures not yet checked, by the entry that they name.
  private var waiting: [UInt64: [Disclosure]] = [:]
  /// Indexes of the entries that hash the items' disclosed metadata.
  private var naming: Set<UInt64> = []

  init(_ disclosures: [Disclosure]) {
    for disclosure in disclosures { waiting[disclosure.index, default: []].append(disclosure) }
  }

  mutating func check(_ entry: Entry, at index: UInt64) throws {
    for disclosure in waiting.removeValue(forKey: index) ?? [] {
      guard try holds(disclosure, entry, index) else { throw HistoryFault(position: index, rule: .notDisclosed) }
    }
  }

  private mutating func holds(_ disclosure: Disclosure, _ entry: Entry, _ index: UInt64) throws -> Bool {
    switch disclosure {
    case .item(let item, _, let metadata):
      guard entry.identifier(.item) == item, let kind = entry.action.kind, names[item] == nil,
        let sha256 = entry.digest(.metadataSHA256), sha256 == SHA256.hash(metadata)
      else { return false }
      names[item] = (try ItemName(kind, parsing: metadata), sha256)
      naming.insert(index)
    case .reason(_, let note):
      guard reasons[index] == nil, entry.digest(.reasonSHA256) == SHA256.hash(note), let reason = Reason.text(in: note)
      else { return false }
      reasons[index] = reason
    }
    return true
  }

  func name(of item: Identifier) -> ItemName? { names[item]?.name }
  func isNamed(by index: UInt64) -> Bool { naming.contains(index) }

  func checkAllFound() throws {
    if let index = waiting.keys.min() { throw HistoryFault(position: index, rule: .notDisclosed) }
  }

  /// For a whole log: throws if a disclosed name is not the item's newest.
  func checkNewest(_ history: History) throws {
    for (item, (_, sha256)) in names {
      guard let known = history.items[item], known.details.sha256 == sha256 else {
        throw HistoryFault(position: history.items[item]?.details.entry ?? 0, rule: .notDisclosed)
      }
    }
  }
}

extension Disclosure {
  package var index: UInt64 {
    switch self {
    case .item(_, let index, _), .reason(let index, _): index
    }
  }
}
