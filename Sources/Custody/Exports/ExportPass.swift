internal import CustodySystem
internal import CustodyEvidence
internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

/// Goes through what an export covers, in the order of the log; little of it is in memory at a time.
struct ExportPass {
  let core: Core
  let extent: LogExtent

  init(_ core: Core, _ extent: LogExtent) { (self.core, self.extent) = (core, extent) }

  /// In a part of the log, with the proof of its place. Void entries are in a whole one only: that they are void is seen
  /// there alone.
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

  /// The lines of JSON but for the last, which is returned, with what the exporter signs of them in a part. `void` and `note` are
  /// told of each entry, before its line.
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

  /// Items first, then reasons of what the filter admits, each in the order of the log.
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
  /// So that a part of the log can be shown without the rest.
  func inclusion(_ position: UInt64, in head: Seen) throws -> InclusionProof? {
    guard position < head.size else { return nil }
    let leaf = try ledger.leaf(position)
    func made() throws -> InclusionProof? {
      let proof = try InclusionProof(index: position, size: head.size, node: node)
      return proof.flatMap { $0.verifies(leaf: leaf, root: head.root) ? $0 : nil }
    }
    if let proof = try made() { return proof }
    // A stored node is damaged.
    try ledger.makeNodes()
    return try made()
  }

  func node(_ place: MerkleTree.Place) throws -> Digest { try ledger.node(place) }
}
