internal import CustodyCrypto
package import CustodyValues

/// A fold as it is kept, so that the next one begins where it ended: rows of its tables, and a state of what is in none.
extension History {
  /// Restores a fold from its state. Rows are read from the backing on demand. Nil if the bytes are no valid state.
  package init?(state: [UInt8], rows: any FoldBacking) {
    do { try self.init(reading: state) } catch { return nil }
    rebase(onto: rows)
    // Other code relies on these counts and subtracts them, so impossible ones are refused. An entry has at most four
    // notes.
    let entries = tree.size
    guard entries < UInt64(Int64.max), connectors <= UInt64(items.count), transactions <= entries,
      notes / 4 <= entries
    else { return nil }
  }

  package var state: [UInt8] {
    var out = OctetWriter()
    out.write(origin)
    tree.write(to: &out)
    out.write(began.size)
    out.write(began.root)
    out.write(committer)
    for count in [notes, transactions, connectors] { out.write(count) }
    out.write(epochs) {
      $0.write($1.begun)
      $0.write($1.auditKey)
    }
    out.write(auditKeyLost)
    out.write(adminTime.map { UInt64(bitPattern: $0.milliseconds) })
    return out.bytes
  }

  private init(reading bytes: [UInt8]) throws(OctetReader.Malformed) {
    var reader = OctetReader(bytes)
    self.init()
    origin = try reader.text()
    tree = try MerkleTree(reading: &reader)
    began = Seen(size: try reader.number(), root: try reader.digest())
    committer = try reader.identifier()
    (notes, transactions, connectors) = (try reader.number(), try reader.number(), try reader.number())
    epochs = try reader.list(ofAtLeast: 40) { reader throws(OctetReader.Malformed) in
      Epoch(begun: try reader.number(), auditKey: try reader.digest())
    }
    auditKeyLost = try reader.number()
    adminTime = try reader.optionalNumber().map { Timestamp(milliseconds: Int64(bitPattern: $0)) }
    guard reader.isAtEnd else { throw OctetReader.Malformed() }
  }

  /// True if stored rows could not be read: nothing that this fold says can be relied on.
  package var isDamaged: Bool { items.backing?.isDamaged ?? false }

  /// Count of rows that changed since they were last saved.
  package var unsavedCount: Int {
    items.unsavedCount + members.unsavedCount + voidEntries.unsavedCount + cosignatures.unsavedCount
      + tags.unsavedCount + memberNames.unsavedCount + memberKeys.unsavedCount
  }

  package var rowCounts: [UInt8: Int] {
    [
      FoldTables.items: items.count, FoldTables.members: members.count, FoldTables.voids: voidEntries.count,
      FoldTables.cosignatures: cosignatures.count,
      FoldTables.tags: tags.count, FoldTables.memberNames: memberNames.count, FoldTables.memberKeys: memberKeys.count,
    ]
  }

  /// Calls `body` with each unsaved change, rows before the pointers to them.
  package func eachUnsaved(_ body: (FoldChange) throws -> Void) rethrows {
    try items.eachUnsaved(body)
    try members.eachUnsaved(body)
    try voidEntries.eachUnsaved(body)
    try cosignatures.eachUnsaved(body)
    try tags.eachUnsaved(body)
    try memberNames.eachUnsaved(body)
    try memberKeys.eachUnsaved(body)
  }

  package var unsavedRows: [FoldChange] {
    var rows: [FoldChange] = []
    eachUnsaved { rows.append($0) }
    return rows
  }

  package mutating func noteSaved() {
    items.noteSaved()
    members.noteSaved()
    voidEntries.noteSaved()
    cosignatures.noteSaved()
    tags.noteSaved()
    memberNames.noteSaved()
    memberKeys.noteSaved()
  }

  /// Changes to a backing that has all rows of this fold, and drops those in memory.
  package mutating func rebase(onto rows: any FoldBacking) {
    items.rebase(onto: rows)
    members.rebase(onto: rows)
    voidEntries.rebase(onto: rows)
    cosignatures.rebase(onto: rows)
    tags.rebase(onto: rows)
    memberNames.rebase(onto: rows)
    memberKeys.rebase(onto: rows)
  }
}

extension Member: FoldRow {
  package func write(to out: inout OctetWriter) {
    out.write(id)
    out.write(name)
    out.write(role.rawValue)
    for key in keys.all { out.write(key) }
    out.write(enrolled)
    out.write(enrolledBy)
    out.write(machine?.rawValue ?? "")
    out.write(seedEntry)
    out.write(removed)
    out.write(lostGrants)
    out.write(lastSeq)
  }

  package init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    let (id, name) = (try reader.identifier(), try reader.text())
    guard let role = Role(rawValue: try reader.text()) else { throw OctetReader.Malformed() }
    let keys = MemberKeys(
      box: MemberKey(try reader.digest()), entries: MemberKey(try reader.digest()),
      checkpoints: MemberKey(try reader.digest()), cosignatures: MemberKey(try reader.digest()))
    let (enrolled, enrolledBy) = (try reader.number(), try reader.identifier())
    let use = try reader.text()
    let machine = MachineUse(rawValue: use)
    guard machine != nil || use.isEmpty else { throw OctetReader.Malformed() }
    self.init(
      id: id, name: name, role: role, keys: keys, machine: machine, enrolled: enrolled, enrolledBy: enrolledBy,
      seedEntry: try reader.number())
    (removed, lostGrants) = (try reader.optionalNumber(), try reader.optionalNumber())
    lastSeq = try reader.number()
  }
}

extension VoidEntry: FoldRow {
  package func write(to out: inout OctetWriter) {
    out.write(position)
    out.write(author)
    out.write(why)
  }

  package init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    self.init(position: try reader.number(), author: try reader.identifier(), why: try reader.text())
  }
}

extension RecordedCosignature: FoldRow {
  package func write(to out: inout OctetWriter) {
    out.write(position)
    out.write(author)
    out.write(checkpoint.size)
    out.write(checkpoint.root)
    out.write(String(decoding: Base64.encode(payload), as: UTF8.self))
  }

  package init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    let (position, author) = (try reader.number(), try reader.identifier())
    let checkpoint = Seen(size: try reader.number(), root: try reader.digest())
    guard let payload = Base64.decode(Array(try reader.text().utf8)), payload.count == Cosignature.width else {
      throw OctetReader.Malformed()
    }
    self.init(position: position, author: author, checkpoint: checkpoint, payload: payload)
  }
}
