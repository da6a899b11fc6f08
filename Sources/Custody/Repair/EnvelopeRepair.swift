internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Repairs the envelopes of one key of an item. The entry that made the key names all its envelopes by one hash; each
/// later share names its own.
struct EnvelopeRepair {
  private let item: Item
  private let kind: EnvelopeRow.Kind
  private let key: NamedKey
  private let generation: UInt64
  private let shares: [(entry: UInt64, to: Identifier, sha256: Digest)]
  /// Position of the entry whose envelope opens the key, by recipient.
  private let open: [Identifier: UInt64]
  /// The only IDs that can ever have had an envelope.
  private let possible: Set<Identifier>
  private let budget: SearchBudget

  private init(
    _ item: Item, _ kind: EnvelopeRow.Kind, _ key: NamedKey, _ generation: UInt64, _ log: AssembledLog,
    _ open: [Identifier: UInt64]
  ) {
    (self.item, self.kind, self.key, self.generation, self.open) = (item, kind, key, generation, open)
    possible = kind == .metadataKey ? log.memberIDs.union([.none]) : log.memberIDs
    budget = log.budget
    shares = (log.facts.shares[item.id] ?? []).compactMap { share in
      guard share.entry > key.entry else { return nil }
      if kind == .dataKey { return share.generation == generation ? (share.entry, share.to, share.sha256) : nil }
      guard share.metadataGeneration == generation, let sha256 = share.metadataSHA256 else { return nil }
      return (share.entry, share.to, sha256)
    }
  }

  /// Returns the repairs for the newest data key, the previous one while its value is kept, and the newest metadata
  /// key.
  static func all(of item: Item, _ log: AssembledLog) -> [EnvelopeRepair] {
    let history = log.history
    let grants = history.grants(of: item)
    var metadata = grants.compactMapValues { $0.metadataEnvelope?.entry }
    metadata[.none] = item.metadataKey.key.entry
    var all = [
      EnvelopeRepair(
        item, .dataKey, item.dataKey, item.generation, log,
        item.isRetired ? [:] : grants.mapValues(\.envelope.entry)),
      EnvelopeRepair(item, .metadataKey, item.metadataKey.key, item.metadataKey.generation, log, metadata),
    ]
    if let earlier = item.earlier?.key {
      all.append(
        EnvelopeRepair(
          item, .dataKey, earlier.dataKey, earlier.generation, log,
          item.isRetired ? [:] : history.grants(ofEarlier: item).mapValues(\.envelope.entry)))
    }
    return all
  }

  func isOf(_ row: EnvelopeRow) -> Bool { row.kind == kind && row.generation == generation }

  /// Compares the envelopes with the log, and adds what must change.
  /// - Parameter rows: the item's readable envelopes in the vault.
  func settle(_ rows: [EnvelopeRow], _ copy: RepairCopy?, _ changes: inout RowChanges) throws {
    let mine = rows.filter(isOf)
    guard try !isWhole(mine) else { return }
    let theirs = try copy.map(rows(of:)) ?? []
    guard let wanted = wanted(mine, theirs) else {
      // Nothing tells which of them the log names, so none is deleted.
      changes.lose(.envelope, "envelopes of log entry \(key.entry), of \(words)")
      return
    }
    for row in mine where !wanted.contains(where: { $0.isAt(row) }) { changes.takeOut(StoredRow(row)) }
    for name in wanted { restore(name, mine, theirs, &changes) }
  }

  /// Returns the copy's envelopes that may be among the right ones.
  private func rows(of copy: RepairCopy) throws -> [EnvelopeRow] {
    let places = possible.sorted().map { ($0, key.entry) } + shares.map { ($0.to, $0.entry) }
    return try places.compactMap { recipient, entry in
      try copy.row(
        .envelope,
        [.id(item.id), .integer(kind.rawValue), .count(generation), .id(recipient), .count(entry)])?.asEnvelope
    }
  }

  private var words: String { "\(item.kind.rawValue) \(item.id.hex)" }

  private struct Named {
    let recipient: Identifier
    let entry: UInt64
    let sha256: Digest

    func isAt(_ row: EnvelopeRow) -> Bool { row.recipient == recipient && row.entry == entry }
  }

  private func restore(
    _ name: Named, _ mine: [EnvelopeRow], _ theirs: [EnvelopeRow], _ changes: inout RowChanges
  ) {
    let isOpen = open[name.recipient] == name.entry
    let found = mine.first(where: name.isAt)
    func bytes(_ rows: [EnvelopeRow]) -> [UInt8]? {
      rows.first { name.isAt($0) && $0.sealed.map { SHA256.hash($0) } == name.sha256 }?.sealed
    }
    let own = isOpen ? bytes(mine) : nil
    let sealed = isOpen ? own ?? bytes(theirs) : nil
    let row = EnvelopeRow(
      item: item.id, kind: kind, generation: generation, recipient: name.recipient, entry: name.entry, sealed: sealed,
      sha256: name.sha256)
    if isOpen, sealed == nil { changes.lose(.envelope, "\(name.recipient.hex)'s envelope of \(words)") }
    guard found != row else { return }
    if let found { changes.takeOut(StoredRow(found)) }
    if own == nil, found == nil || isOpen, theirs.contains(where: name.isAt) {
      changes.takeBack(StoredRow(row))
    } else {
      changes.add(StoredRow(row))
    }
  }

  /// Returns true if these are exactly the envelopes that the log names.
  private func isWhole(_ rows: [EnvelopeRow]) throws -> Bool {
    guard UInt64(rows.count) == key.count, together(rows.filter { $0.entry == key.entry }.map(named)) else {
      return false
    }
    return rows.allSatisfy { row in
      if row.entry != key.entry {
        guard shares.contains(where: { $0.entry == row.entry && $0.to == row.recipient && $0.sha256 == row.sha256 })
        else { return false }
      }
      let isOpen = open[row.recipient] == row.entry
      return isOpen ? row.sealed.map { SHA256.hash($0) } == row.sha256 : row.sealed == nil
    }
  }

  private func named(_ row: EnvelopeRow) -> Named {
    Named(recipient: row.recipient, entry: row.entry, sha256: row.sha256)
  }

  private func together(_ names: [Named]) -> Bool {
    SealedHashes.envelopes(names.map { ($0.recipient, $0.sha256) }) == key.envelopes
  }

  private func wanted(_ mine: [EnvelopeRow], _ theirs: [EnvelopeRow]) -> [Named]? {
    let shared = shares.map { Named(recipient: $0.to, entry: $0.entry, sha256: $0.sha256) }
    guard key.count >= UInt64(shared.count) else { return nil }
    let made = key.count - UInt64(shared.count)
    var candidates: [Identifier: [Digest]] = [:]
    // Candidates by likelihood: the hash of an intact row, then the hash stored in any row, then the hash of sealed
    // bytes in any row.
    let rows = (mine + theirs).filter { $0.entry == key.entry && possible.contains($0.recipient) }
    func isWhole(_ row: EnvelopeRow) -> Bool { row.sealed.map { SHA256.hash($0) } == row.sha256 }
    let hashes =
      rows.filter(isWhole).map { ($0.recipient, $0.sha256) } + rows.map { ($0.recipient, $0.sha256) }
      + rows.compactMap { row in row.sealed.map { (row.recipient, SHA256.hash($0)) } }
    for (recipient, hash) in hashes where !(candidates[recipient]?.contains(hash) ?? false) {
      candidates[recipient, default: []].append(hash)
    }
    // A recipient without a right may have no envelope at all; one with a right must have one.
    let places: [[Named?]] = candidates.sorted { $0.key < $1.key }.map { recipient, hashes in
      let names: [Named?] = hashes.map { Named(recipient: recipient, entry: key.entry, sha256: $0) }
      return open[recipient] == key.entry ? names : names + [nil]
    }
    let search = SetSearch<Named?>(budget: budget, places: places) { chosen in
      let names = chosen.compactMap(\.self)
      return UInt64(names.count) == made && together(names)
    }
    return search.find().map { $0.compactMap(\.self) + shared }
  }
}
