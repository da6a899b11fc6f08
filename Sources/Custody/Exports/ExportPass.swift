internal import CustodySystem
internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// One pass over the entries of an export, in the order of the log. Little of it is in memory at a time.
struct ExportPass {
  let core: Core
  let extent: LogExtent

  init(_ core: Core, _ extent: LogExtent) { (self.core, self.extent) = (core, extent) }

  /// Passes each line to `body`, in a part of the log with its inclusion proof. Void entries are passed only for the
  /// whole log, because only that shows that they are void.
  func eachLine(
    void: (VoidLine) throws -> Void, _ body: (LogLine, LogPart, InclusionProof?) throws -> Void
  ) throws {
    var history = extent.history
    let head = history.head()
    try core.eachNamed(
      extent.names, below: extent.size,
      void: {
        extent.tally.add()
        if extent.isWhole { try void($0) }
      },
      where: { position, entry in
        extent.tally.add()
        return extent.part(position, entry)
      },
      { position, entry, part, roles in
        let line = try core.line(position, entry, extent.names, extent.history, roles, withReason: part == .entry)
        try body(line, part, extent.isWhole ? nil : core.inclusion(position, in: head))
      })
  }

  /// Writes the JSON lines but for the last one, and returns that, with the signed scope of a part. `void` and `note`
  /// take each entry before its line is written.
  func eachJSONLine(
    void: (VoidLine) throws -> Void = { _ in },
    note: (LogLine, LogPart, InclusionProof?) throws -> Void = { _, _, _ in },
    disclosed: ([UInt8]) throws -> Void = { _ in }, to write: ([UInt8]) throws -> Void
  ) throws -> (line: [UInt8], scope: SignedScope?) {
    let shown = LinesHash()
    func put(_ line: [UInt8]) throws {
      shown.add(line)
      try write(line)
    }
    try eachLine(
      void: { line in
        try void(line)
        try put(JSONLines.void(line))
      },
      { line, part, proof in
        try note(line, part, proof)
        try put(JSONLines.entry(line, part, proof: proof))
      })
    try eachDisclosure { disclosure in
      let line = JSONLines.disclosure(disclosure)
      try disclosed(line)
      try put(line)
    }
    let scope = try signedScope(shown.finish())
    return (JSONLines.closing(extent.checkpoint, scope?.note), scope)
  }

  private func signedScope(_ lines: Digest) throws -> SignedScope? {
    guard let scope = extent.scope, let exporter = extent.history.members[scope.exporter] else { return nil }
    let note = try scope.signed(lines: lines, publicKey: exporter.keys.entries.bytes, by: core.holder.signEntry)
    guard let signed = SignedScope(note) else { throw VaultError(.failed, "what the export covers can't be signed") }
    return signed
  }

  /// Passes the disclosures to `body`: items first, then reasons of admitted entries, each in the order of the log.
  func eachDisclosure(_ body: (Disclosure) throws -> Void) throws {
    var named: [Item] = []
    func show() throws {
      try core.open(named) { try body(.item($0.item.id, index: $0.item.details.entry, metadata: $0.metadata)) }
      named.removeAll(keepingCapacity: true)
    }
    try core.store.eachNote { row in
      guard row.kind == .details, row.entry < extent.size, extent.discloses(row.item),
        let item = extent.names.item(row.item), item.details.entry == row.entry
      else { return }
      named.append(item)
      if named.count >= 4 * Parallel.batch { try show() }
    }
    try show()
    try core.store.eachNote { row in
      guard row.kind == .reason, row.entry < extent.size, core.history.voidEntry(at: row.entry) == nil else { return }
      let entry = try core.ledger.proved(row.entry)
      guard extent.filter.admits(entry), let note = try core.noteText(of: row.entry, entry) else { return }
      try body(.reason(index: row.entry, note: note))
    }
  }
}

extension Core {
  /// Returns a proof that an entry is in the log, so that it can be shown without the rest.
  func inclusion(_ position: UInt64, in head: Seen) throws -> InclusionProof? {
    guard position < head.size else { return nil }
    let leaf = try ledger.leaf(position)
    func made() throws -> InclusionProof? {
      let proof = try InclusionProof(index: position, size: head.size, node: node)
      return proof.flatMap { $0.verifies(leaf: leaf, root: head.root) ? $0 : nil }
    }
    if let proof = try made() { return proof }
    // A stored node is damaged, so all are made anew from the entries.
    try ledger.makeNodes()
    return try made()
  }

  func node(_ place: MerkleTree.Place) throws -> Digest { try ledger.node(place) }
}
