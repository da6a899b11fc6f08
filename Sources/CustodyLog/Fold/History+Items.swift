internal import CustodyValues

/// The effect of entries on items. Every rule is checked before anything is changed, so an entry that breaks one
/// changes nothing.
extension History {
  mutating func applyToItem(_ entry: Entry) throws(HistoryFault) {
    guard let id = entry.identifier(.item) else { throw fault(.unknownItem) }
    if entry.action == .connectorRegister || entry.action == .tokenStore { return try add(id, entry) }
    guard var item = items[id] else { throw fault(.unknownItem) }
    guard item.kind == entry.action.kind else { throw fault(.wrongKind) }
    let isSettling = entry.action == .connectorSettle || entry.action == .tokenSettle
    guard !item.isRetired || isSettling else { throw fault(.retired) }
    let generation = item.metadataKey.generation
    try apply(entry, to: &item)
    if item.isRetired, !isSettling {
      tags[item.place] = nil
      if let connector = item.connector { items[connector]?.tokensInUse -= 1 }
    }
    if item.metadataKey.generation != generation {
      // Removing the item first leaves one owner of the list, so that appending does not copy it at each renewal.
      items[id] = nil
      item.metadataKey.renewals.append(size)
    }
    items[id] = item
  }

  private func apply(_ entry: Entry, to item: inout Item) throws(HistoryFault) {
    switch entry.action {
    case .connectorChange, .tokenChange: try change(&item, entry)
    case .tokenConfirm: try confirm(&item, entry)
    case .connectorRotate, .tokenRotate: try rotate(&item, entry)
    case .connectorRekey, .tokenRekey: try rekey(&item, entry)
    case .connectorRevert, .tokenRevert: try revert(&item, entry)
    case .connectorRenew, .tokenRenew: try renew(&item, entry)
    case .connectorShare, .tokenShare: try share(&item, entry)
    case .connectorUnshare, .tokenUnshare: try unshare(&item, entry)
    case .connectorReveal, .tokenReveal, .tokenCheck: try use(&item, entry)
    case .tokenExchange: try exchange(&item, entry)
    case .connectorSettle, .tokenSettle: try settle(&item, entry)
    default: try retire(&item, entry)
    }
    // Checked after a renewal in the same entry: its text is sealed under the new key.
    try checkNotes(item, entry)
  }

  private mutating func add(_ id: Identifier, _ entry: Entry) throws(HistoryFault) {
    guard id != .none, items[id] == nil, let tag = entry.digest(.tag), let kind = entry.action.kind,
      tags[ItemTag(kind, tag)] == nil
    else { throw fault(.itemTwice) }
    guard entry.number(.revision) == 1 else { throw fault(.wrongRevision) }
    guard entry.number(.generation) == 1 else { throw fault(.wrongGeneration) }
    guard entry.number(.metadataGeneration) == 1 else { throw fault(.wrongMetadataKey) }
    let connector = entry.identifier(.connector)
    if let connector {
      guard let found = items[connector], found.kind == .connector, !found.isRetired else {
        throw fault(.unknownConnector)
      }
    }
    guard let value = value(in: entry), let key = key(in: entry, for: 1), let details = details(in: entry),
      let metadataKey = metadataKey(in: entry, for: opensNames(entry.actor) ? 0 : 1, after: [])
    else { throw fault(.unknownItem) }
    let now = moment(of: entry)
    var item = Item(
      id: id, kind: kind, tag: tag, connector: connector, storedBy: entry.actor, stored: now, value: value,
      dataKey: key, metadataKey: metadataKey, details: details, life: Item.Life(given: now))
    item.destination = destination(in: entry)
    item.expiry = expiry(in: entry)
    item.grants[entry.actor] = Grant(
      right: size, until: nil, envelope: NamedEnvelope(entry: size),
      metadataEnvelope: opensNames(entry.actor) ? nil : NamedEnvelope(entry: size))
    item.exposeNewest(now, by: entry.actor, as: .stored)
    items[id] = item
    tags[item.place] = id
    if let connector { items[connector]?.tokensInUse += 1 }
    if kind == .connector { connectors += 1 }
  }

  // MARK: Values and data keys

  /// Sets a new value under a new data key. The author is a holder, or an admin who takes the item over.
  private func rotate(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    let isTakenOver = !isHolder(item, entry)
    guard !isTakenOver || members[entry.actor]?.role == .admin else { throw fault(.notAHolder) }
    guard entry.number(.revision) == item.revision + 1 else { throw fault(.wrongRevision) }
    try replaceKey(&item, entry, isTakenOver)
    let now = moment(of: entry)
    if isTakenOver, !item.exposed.isEmpty {
      item.unseen.append(
        UnseenValue(revision: item.revision, replacedBy: entry.actor, replaced: now, exposures: item.exposed))
    }
    item.revision += 1
    (item.expiry, item.broughtBack) = (expiry(in: entry), nil)
    item.life = Item.Life(given: now)
    item.exposeNewest(now, by: entry.actor, as: .stored)
  }

  /// Seals the same value under a new data key.
  private func rekey(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    try checkHolder(item, entry)
    guard entry.number(.revision) == item.revision else { throw fault(.wrongRevision) }
    try replaceKey(&item, entry, false)
  }

  /// Brings back the value before the newest, under a new data key. The author must hold the item and have held that
  /// value.
  private func revert(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    try checkHolder(item, entry)
    guard let earlier = item.earlier else { throw fault(.nothingEarlier) }
    guard grants(ofEarlier: item)[entry.actor] != nil else { throw fault(.notAHolder) }
    guard !earlier.isForAdmins || members[entry.actor]?.role == .admin else { throw fault(.revertsAnAdmin) }
    guard entry.number(.revision) == item.revision + 1 else { throw fault(.wrongRevision) }
    try replaceKey(&item, entry, false)
    let now = moment(of: entry)
    item.revision += 1
    (item.expiry, item.life) = (earlier.expiry, earlier.life)
    // No log can tell whether the value was exchanged meanwhile, by an exchange whose reply was lost, or elsewhere.
    item.broughtBack = item.kind == .token ? BroughtBack(by: entry.actor, moment: now) : nil
    item.exposeAgain(earlier.revision, now)
  }

  /// Replaces value and data key. Everyone with a grant gets the new key, except those whom the entry names in
  /// `without`.
  private func replaceKey(_ item: inout Item, _ entry: Entry, _ isTakenOver: Bool) throws(HistoryFault) {
    guard entry.number(.generation) == item.generation + 1 else { throw fault(.wrongGeneration) }
    guard let value = value(in: entry) else { throw fault(.wrongRevision) }
    let leftOut = entry.identifiers(.without)
    for member in leftOut where !mayLeaveOut(member, of: item, by: entry.actor) { throw fault(.mayNotLeaveOut) }
    var kept = grants(of: item)
    for member in leftOut { kept[member] = nil }
    for (member, grant) in item.grants where kept[member] == nil && grant.metadataEnvelope != nil {
      item.metadataKey.isWithLeaver = true
    }
    for member in kept.keys { kept[member]?.envelope = NamedEnvelope(entry: size) }
    if isTakenOver {
      kept[entry.actor] = Grant(right: size, until: nil, envelope: NamedEnvelope(entry: size), metadataEnvelope: nil)
    }
    guard let key = key(in: entry, for: UInt64(kept.count)) else { throw fault(.wrongGeneration) }
    item.earlier = earlier(item, without: isTakenOver ? leftOut + [entry.actor] : leftOut, entry)
    (item.grants, item.takenBack, item.dataKey, item.value) = (kept, [], key, value)
    item.generation += 1
  }

  /// The value that an entry replaces. Members left out of the new data key lose this value too, and so does the author
  /// of a take-over.
  private func earlier(_ item: Item, without lost: [Identifier], _ entry: Entry) -> EarlierValue {
    var grants = item.grants
    for member in lost { grants[member] = nil }
    for member in grants.keys { grants[member]?.metadataEnvelope = nil }
    let isSameValue = entry.action == .connectorRekey || entry.action == .tokenRekey
    return EarlierValue(
      item, key: EarlierKey(dataKey: item.dataKey, generation: item.generation, grants: grants),
      isForAdmins: !isSameValue && members[entry.actor]?.role == .admin)
  }

  /// Replaces the metadata key. Members who may read what is written under it get an envelope. `applyToItem` adds the
  /// renewal to the item's list.
  private func renew(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    let recipients = metadataRecipients(of: item, for: entry.actor, at: entry.time)
    if members[entry.actor]?.role != .admin {
      // The maker of a key knows it, so only an admin or one of its recipients may make one, whatever their own clock
      // says.
      guard isHolder(item, entry), recipients.contains(entry.actor) else { throw fault(.notAHolder) }
      // Otherwise a holder could replace a good key by one that opens to nobody.
      guard isMetadataKeyStale(of: item, for: entry.actor, at: entry.time) else { throw fault(.renewalNotDue) }
    }
    guard entry.number(.metadataGeneration) == item.metadataKey.generation + 1,
      let key = metadataKey(in: entry, for: UInt64(recipients.count), after: item.metadataKey.renewals)
    else { throw fault(.wrongMetadataKey) }
    item.metadataKey = key
    for member in item.grants.keys { item.grants[member]?.metadataEnvelope = nil }
    for member in recipients { item.grants[member]?.metadataEnvelope = NamedEnvelope(entry: size) }
  }

  // MARK: Details

  private func change(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    guard mayChange(item, entry), let details = details(in: entry) else { throw fault(.notTheRegistrar) }
    item.details = details
  }

  private func confirm(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    try checkHolder(item, entry)
    item.destination = destination(in: entry)
  }

  /// True for an admin, and for the registrar of a connector who still holds it.
  private func mayChange(_ item: Item, _ entry: Entry) -> Bool {
    members[entry.actor]?.role == .admin || isRegistrar(entry.actor, of: item) && isHolder(item, entry)
  }

  // MARK: Grants

  private func share(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    try checkHolder(item, entry)
    try checkNewest(item, entry)
    guard entry.number(.metadataGeneration) == item.metadataKey.generation else { throw fault(.wrongMetadataKey) }
    guard let to = entry.identifier(.to), let recipient = members[to], recipient.isActive else {
      throw fault(.unknownRecipient)
    }
    guard recipient.role != .auditor else { throw fault(.auditorAsRecipient) }
    guard opensNames(to) == (entry.digest(.metadataEnvelopeSHA256) == nil) else { throw fault(.wrongMetadataKey) }
    let until = entry.time(.until)
    guard let own = item.grants[entry.actor], own.covers(until) else { throw fault(.outlastsGrant) }
    guard to == entry.actor || !shortens(to, until, in: item) || mayChange(item, entry) else {
      throw fault(.notTheRegistrar)
    }
    item.grants[to] = Grant(
      right: size, until: until,
      envelope: NamedEnvelope(entry: size, sha256: entry.digest(.envelopeSHA256)),
      metadataEnvelope: entry.digest(.metadataEnvelopeSHA256).map { NamedEnvelope(entry: size, sha256: $0) })
    item.takenBack.removeAll { $0 == to }
    item.dataKey.count += 1
    if !opensNames(to) { item.metadataKey.key.count += 1 }
    item.expose(to: to, moment(of: entry))
  }

  /// Takes back a grant: the author's own, or for an admin or a connector's registrar anyone's.
  private func unshare(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    guard let to = entry.identifier(.to), let grant = grant(of: to, in: item) else { throw fault(.notAGrantee) }
    guard to == entry.actor || mayChange(item, entry) else { throw fault(.notTheRegistrar) }
    item.grants[to] = nil
    item.earlier?.key?.grants[to] = nil
    item.takenBack.append(to)
    if grant.metadataEnvelope != nil { item.metadataKey.isWithLeaver = true }
    if entry.digest(.metadataCommitment) != nil { try renew(&item, entry) }
  }

  private func use(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    try checkHolder(item, entry)
    try checkNewest(item, entry)
    if let opening = Exposure.Opening(entry) { item.noteOpening(by: entry.actor, opening, moment(of: entry)) }
  }

  /// Records an exchange. If the provider rotated the refresh token, the entry carries the new revision, under the same
  /// data key.
  private func exchange(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    let wasAsked = entry.text(.source) == nil
    let now = moment(of: entry)
    if let value = value(in: entry) {
      // A kept access token brings no new refresh token.
      guard wasAsked, entry.number(.revision) == item.revision + 1 else { throw fault(.wrongRevision) }
      guard entry.number(.generation) == item.generation else { throw fault(.wrongGeneration) }
      try checkHolder(item, entry)
      item.earlier = EarlierValue(item, key: nil, isForAdmins: false)
      item.revision += 1
      (item.value, item.expiry, item.broughtBack) = (value, nil, nil)
      item.life.made = now
      item.exposeNewest(now, by: entry.actor, as: .exchange)
    } else {
      try use(&item, entry)
    }
    if wasAsked { item.life.used = now }
  }

  private func retire(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    guard mayChange(item, entry) else { throw fault(.notTheRegistrar) }
    // Otherwise another connector could take its name, and its tokens would go there.
    guard item.tokensInUse == 0 else { throw fault(.tokensInUse) }
    item.isRetired = true
  }

  /// Ends the exposure of a value that was replaced unseen: an admin who could open it declares it worthless.
  private func settle(_ item: inout Item, _ entry: Entry) throws(HistoryFault) {
    guard let revision = entry.number(.revision), let place = item.unseen.firstIndex(where: { $0.revision == revision })
    else { throw fault(.wrongRevision) }
    guard item.unseen[place].exposures[entry.actor] != nil else { throw fault(.notAHolder) }
    item.unseen.remove(at: place)
  }

  // MARK: Details of entries

  func moment(of entry: Entry) -> Moment { Moment(position: size, time: entry.time) }

  private func value(in entry: Entry) -> SealedValue? {
    entry.digest(.valueSHA256).map { SealedValue(entry: size, sha256: $0) }
  }

  private func key(in entry: Entry, for members: UInt64) -> NamedKey? {
    guard let commitment = entry.digest(.commitment), let envelopes = entry.digest(.envelopesSHA256) else { return nil }
    return NamedKey(entry: size, commitment: commitment, envelopes: envelopes, count: members)
  }

  /// The metadata key that an entry makes. One envelope more than `members` is counted: the auditors', which comes
  /// first.
  private func metadataKey(in entry: Entry, for members: UInt64, after renewals: [UInt64]) -> MetadataKeyState? {
    guard let commitment = entry.digest(.metadataCommitment), let envelopes = entry.digest(.metadataEnvelopesSHA256),
      let generation = entry.number(.metadataGeneration)
    else { return nil }
    let key = NamedKey(entry: size, commitment: commitment, envelopes: envelopes, count: members + 1)
    return MetadataKeyState(key: key, generation: generation, renewals: renewals, epoch: epoch(at: size))
  }

  private func note(_ text: DetailKey, _ sealed: DetailKey, in entry: Entry) -> NamedNote? {
    guard let sha256 = entry.digest(text), let sealed = entry.digest(sealed) else { return nil }
    return NamedNote(moment: moment(of: entry), author: entry.actor, sha256: sha256, sealedSHA256: sealed)
  }

  private func details(in entry: Entry) -> NamedNote? { note(.metadataSHA256, .sealedMetadataSHA256, in: entry) }
  private func destination(in entry: Entry) -> NamedNote? {
    note(.destinationSHA256, .sealedDestinationSHA256, in: entry)
  }
  private func expiry(in entry: Entry) -> NamedNote? { note(.expirySHA256, .sealedExpirySHA256, in: entry) }

  /// Refuses text sealed under a metadata key that is not the newest, or is stale: held by somebody who may not read
  /// it.
  private func checkNotes(_ item: Item, _ entry: Entry) throws(HistoryFault) {
    guard Action.underMetadataKey.contains(where: { entry.raw($0) != nil }) else { return }
    guard entry.number(.metadataGeneration) == item.metadataKey.generation else { throw fault(.wrongMetadataKey) }
    // An unshare without a new key, or an entry that leaves somebody out, is written before they lose the right.
    let before = items[item.id] ?? item
    let written = before.metadataKey.generation == item.metadataKey.generation ? before : item
    guard !isMetadataKeyStale(of: written, for: entry.actor, at: entry.time) else { throw fault(.staleMetadataKey) }
  }

  private func isHolder(_ item: Item, _ entry: Entry) -> Bool {
    grant(of: entry.actor, in: item).map { !$0.isExpired(at: entry.time) } ?? false
  }

  private func checkHolder(_ item: Item, _ entry: Entry) throws(HistoryFault) {
    guard isHolder(item, entry) else { throw fault(.notAHolder) }
  }

  private func checkNewest(_ item: Item, _ entry: Entry) throws(HistoryFault) {
    guard entry.number(.generation) == item.generation else { throw fault(.wrongGeneration) }
    guard entry.number(.revision) == item.revision else { throw fault(.wrongRevision) }
  }
}
