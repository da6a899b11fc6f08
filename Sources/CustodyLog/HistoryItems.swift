internal import CustodyMemory

extension History {
  mutating func applyToItem(_ entry: Entry) throws(HistoryFault) {
    guard let id = entry.identifier(.item) else { throw fault(.unknownItem) }
    if entry.action == .connectorRegister || entry.action == .tokenStore { return try add(id, entry) }
    guard var item = items[id] else { throw fault(.unknownItem) }
    guard item.kind == entry.action.kind else { throw fault(.wrongKind) }
    guard !item.isRetired else { throw fault(.retired) }
    switch entry.action {
    case .connectorRotate, .tokenRotate: try rotate(&item, entry)
    case .connectorRekey, .tokenRekey: try rekey(&item, entry)
    case .connectorShare, .tokenShare: try share(&item, entry)
    case .connectorUnshare, .tokenUnshare: try unshare(&item, entry)
    case .connectorReveal, .tokenReveal, .tokenCheck: try use(&item, entry)
    case .tokenExchange: try exchange(&item, entry)
    default: try retire(&item, entry)
    }
    items[id] = item
  }

  private mutating func add(_ id: Identifier, _ entry: Entry) throws(HistoryFault) {
    guard id != .none, items[id] == nil, let tag = entry.digest(.tag), tags[tag] == nil, let kind = entry.action.kind
    else { throw fault(.itemTwice) }
    guard entry.number(.revision) == 1 else { throw fault(.wrongRevision) }
    guard entry.number(.generation) == 1 else { throw fault(.wrongGeneration) }
    let connector = entry.identifier(.connector)
    if let connector {
      guard let found = items[connector], found.kind == .connector, !found.isRetired else {
        throw fault(.unknownConnector)
      }
    }
    guard let metadata = entry.digest(.metadataSHA256) else { throw fault(.unknownItem) }
    var item = Item(
      id: id, kind: kind, tag: tag, connector: connector, storedBy: entry.actor, stored: size, valueEntry: size,
      life: Item.Life(given: size), keyEntries: [size],
      grants: [entry.actor: Grant(right: size, envelope: size, until: nil)], envelopes: 2, metadataSHA256: metadata)
    item.exposeNewest(at: size, by: entry.actor, as: .stored)
    items[id] = item
    tags[tag] = id
    if let connector { tokensInUse[connector, default: 0] += 1 }
  }

  /// A new value under the same data key, by someone who holds it. The revision before is kept.
  private func rotate(
    _ item: inout Item, _ entry: Entry, as opening: Exposure.Opening = .stored
  ) throws(HistoryFault) {
    try checkHolder(item, entry)
    guard entry.number(.generation) == item.generation else { throw fault(.wrongGeneration) }
    guard entry.number(.revision) == item.revision + 1 else { throw fault(.wrongRevision) }
    if let metadata = entry.digest(.metadataSHA256) { item.metadataSHA256 = metadata }
    item.revision += 1
    item.previousValueEntry = item.valueEntry
    item.valueEntry = size
    if opening == .exchange { item.life.made = size } else { item.life = Item.Life(given: size) }
    item.exposeNewest(at: size, by: entry.actor, as: opening)
  }

  /// The same value under a new data key. Whose time has run out by the entry's own clock gets no new envelope.
  private func rekey(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    try checkHolder(item, entry)
    guard entry.number(.revision) == item.revision else { throw fault(.wrongRevision) }
    guard entry.number(.generation) == item.generation + 1 else { throw fault(.wrongGeneration) }
    try checkMetadata(item, entry)
    item.generation += 1
    item.valueEntry = size
    item.keyEntries.append(size)
    item.previousValueEntry = nil
    item.grants = item.grants.filter { !$0.value.isExpired(at: entry.time) }
    for member in item.grants.keys { item.grants[member]?.envelope = size }
    item.takenBack = []
    item.envelopes = 1 + UInt64(item.grants.count)
  }

  private func share(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    try checkHolder(item, entry)
    try checkNewest(item, entry)
    guard let to = entry.identifier(.to), let recipient = members[to], recipient.isActive else {
      throw fault(.unknownRecipient)
    }
    guard recipient.role != .auditor else { throw fault(.auditorAsRecipient) }
    guard let own = item.grants[entry.actor], own.covers(entry.time(.until)) else { throw fault(.outlastsGrant) }
    item.grants[to] = Grant(right: size, envelope: size, until: entry.time(.until))
    item.takenBack.removeAll { $0 == to }
    item.envelopes += 1
    item.expose(to: to, at: size)
  }

  /// An admin may take back what they do not hold; a holder must rekey then.
  private func unshare(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    if members[entry.actor]?.role != .admin { try checkHolder(item, entry) }
    guard let to = entry.identifier(.to), item.grants[to] != nil else { throw fault(.notAGrantee) }
    item.grants[to] = nil
    item.takenBack.append(to)
  }

  private func use(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    try checkHolder(item, entry)
    try checkNewest(item, entry)
    if let opening = Exposure.Opening(entry) { item.noteOpening(by: entry.actor, opening, at: size) }
  }

  /// Where the reply rotated the token the entry carries the new revision.
  private func exchange(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    let wasAsked = entry.text(.source) == nil
    if entry.digest(.valueSHA256) != nil {
      // A kept access token brings no new refresh token.
      guard wasAsked else { throw fault(.wrongRevision) }
      try checkMetadata(item, entry)
      try rotate(&item, entry, as: .exchange)
    } else {
      try use(&item, entry)
    }
    if wasAsked { item.life.used = size }
  }

  private mutating func retire(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    if members[entry.actor]?.role != .admin { try checkHolder(item, entry) }
    // Else another could take its name, and its tokens go there.
    guard tokensInUse[item.id, default: 0] == 0 else { throw fault(.tokensInUse) }
    if let connector = item.connector { tokensInUse[connector, default: 0] -= 1 }
    item.isRetired = true
    tags[item.tag] = nil
  }

  /// Only a rotate changes names and details, which an admin or the connector's keeper signs.
  private func checkMetadata(_ item: Item, _ entry: Entry) throws(HistoryFault) {
    guard entry.digest(.metadataSHA256) == item.metadataSHA256 else { throw fault(.metadataChanged) }
  }

  private func checkHolder(_ item: Item, _ entry: Entry) throws(HistoryFault) {
    guard let grant = item.grants[entry.actor], !grant.isExpired(at: entry.time) else { throw fault(.notAHolder) }
  }

  private func checkNewest(_ item: Item, _ entry: Entry) throws(HistoryFault) {
    guard entry.number(.generation) == item.generation else { throw fault(.wrongGeneration) }
    guard entry.number(.revision) == item.revision else { throw fault(.wrongRevision) }
  }
}
