internal import CustodyMemory

/// A fold as bytes, so that the next one begins where it ended. A client's own cache: it may be thrown away at any time,
/// and another version's is not read.
extension History {
  private static let version: UInt64 = 4

  public var snapshot: [UInt8] {
    var out = OctetWriter()
    out.write(Self.version)
    out.write(origin)
    tree.write(to: &out)
    out.write(began.size)
    out.write(began.root)
    out.write(committer)
    out.write(notes)
    out.write(transactions)
    out.write(cosignatures)
    out.write(epochs) {
      $0.write($1.begun)
      $0.write($1.auditKey)
    }
    out.write(members.values) { $1.write(to: &$0) }
    out.write(items.values) { $1.write(to: &$0) }
    return out.bytes
  }

  /// Nil for anything but a snapshot of this version.
  public init?(snapshot: [UInt8]) {
    do { try self.init(reading: snapshot) } catch { return nil }
  }

  private init(reading bytes: [UInt8]) throws(OctetReader.Malformed) {
    var reader = OctetReader(bytes)
    self.init()
    guard try reader.number() == Self.version else { throw OctetReader.Malformed() }
    origin = try reader.text()
    tree = try MerkleTree(reading: &reader)
    began = Seen(size: try reader.number(), root: try reader.digest())
    committer = try reader.identifier()
    (notes, transactions, cosignatures) = (try reader.number(), try reader.number(), try reader.number())
    epochs = try reader.list(ofAtLeast: 40) { reader throws(OctetReader.Malformed) in
      Epoch(begun: try reader.number(), auditKey: try reader.digest())
    }
    for member in try reader.list(ofAtLeast: Identifier.count, Member.init(reading:)) { members[member.id] = member }
    for member in members.values {
      names[member.name] = member.id
      takenKeys.formUnion(member.keys.all)
    }
    takenKeys.formUnion(epochs.map(\.auditKey))
    let items = try reader.list(ofAtLeast: Identifier.count, Item.init(reading:))
    self.items = Dictionary(minimumCapacity: items.count)
    tags = Dictionary(minimumCapacity: items.count)
    for item in items {
      self.items[item.id] = item
      guard !item.isRetired else { continue }
      tags[item.tag] = item.id
      if let connector = item.connector { tokensInUse[connector, default: 0] += 1 }
    }
    guard reader.isAtEnd else { throw OctetReader.Malformed() }
  }
}

extension Member {
  fileprivate func write(to out: inout OctetWriter) {
    out.write(id)
    out.write(name)
    out.write(role.rawValue)
    for key in keys.all { out.write(key) }
    out.write(enrolled)
    out.write(enrolledBy)
    out.write(machine?.rawValue ?? "")
    out.write(seedEntry)
    out.write(removed)
    out.write(lastSeq)
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    let (id, name) = (try reader.identifier(), try reader.text())
    guard let role = Role(rawValue: try reader.text()) else { throw OctetReader.Malformed() }
    let keys = MemberKeys(
      box: try reader.digest(), entries: try reader.digest(), checkpoints: try reader.digest(),
      cosignatures: try reader.digest())
    let (enrolled, enrolledBy) = (try reader.number(), try reader.identifier())
    let use = try reader.text()
    let machine = MachineUse(rawValue: use)
    guard machine != nil || use.isEmpty else { throw OctetReader.Malformed() }
    self.init(
      id: id, name: name, role: role, keys: keys, machine: machine, enrolled: enrolled, enrolledBy: enrolledBy,
      seedEntry: try reader.number())
    removed = try reader.optionalNumber()
    lastSeq = try reader.number()
  }
}

extension Item {
  fileprivate func write(to out: inout OctetWriter) {
    out.write(id)
    out.write(kind == .connector ? 1 : 2 as UInt64)
    out.write(tag)
    out.write(connector ?? .none)
    out.write(storedBy)
    for number in [stored, revision, generation, valueEntry, envelopes] { out.write(number) }
    for number in [life.given, life.made] { out.write(number) }
    out.write(life.used)
    out.write(keyEntries) { $0.write($1) }
    out.write(previousValueEntry)
    out.write(metadataSHA256)
    out.write(isRetired ? 1 : 0 as UInt64)
    out.write(takenBack) { $0.write($1) }
    out.write(grants) { out, grant in
      out.write(grant.key)
      out.write(grant.value.right)
      out.write(grant.value.envelope)
      out.write(grant.value.until.map { UInt64(bitPattern: $0.milliseconds) })
    }
    out.write(exposures) { out, exposure in
      out.write(exposure.key)
      exposure.value.write(to: &out)
    }
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    let id = try reader.identifier()
    let kind: ItemKind = try reader.number() == 1 ? .connector : .token
    let (tag, connector) = (try reader.digest(), try reader.identifier())
    let storedBy = try reader.identifier()
    let (stored, revision, generation) = (try reader.number(), try reader.number(), try reader.number())
    let (valueEntry, envelopes) = (try reader.number(), try reader.number())
    let life = Item.Life(
      given: try reader.number(), made: try reader.number(), used: try reader.optionalNumber())
    let keyEntries = try reader.list(ofAtLeast: 8) { reader throws(OctetReader.Malformed) in try reader.number() }
    let previous = try reader.optionalNumber()
    let metadata = try reader.digest()
    let retired = try reader.number()
    let takenBack = try reader.list(ofAtLeast: 16) { reader throws(OctetReader.Malformed) in try reader.identifier() }
    let grants = try reader.list(ofAtLeast: 40) { reader throws(OctetReader.Malformed) in
      let member = try reader.identifier()
      let (right, envelope) = (try reader.number(), try reader.number())
      let until = try reader.optionalNumber().map { Timestamp(milliseconds: Int64(bitPattern: $0)) }
      return (member, Grant(right: right, envelope: envelope, until: until))
    }
    let exposures = try reader.list(ofAtLeast: 40) { reader throws(OctetReader.Malformed) in
      (try reader.identifier(), try Exposure(reading: &reader))
    }
    self.init(
      id: id, kind: kind, tag: tag, connector: connector == .none ? nil : connector, storedBy: storedBy,
      stored: stored, valueEntry: valueEntry, life: life, keyEntries: keyEntries, grants: [:], envelopes: envelopes,
      metadataSHA256: metadata)
    (self.revision, self.generation, previousValueEntry) = (revision, generation, previous)
    (isRetired, self.takenBack) = (retired == 1, takenBack)
    for (member, grant) in grants { self.grants[member] = grant }
    for (member, exposure) in exposures { self.exposures[member] = exposure }
  }
}

extension Exposure {
  fileprivate func write(to out: inout OctetWriter) {
    out.write(revision)
    out.write(since)
    out.write(opened) {
      $0.write(UInt64(Opening.allCases.firstIndex(of: $1.key) ?? 0))
      $0.write($1.value)
    }
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    self.init(revision: try reader.number(), since: try reader.number())
    let opened = try reader.list(ofAtLeast: 16) { reader throws(OctetReader.Malformed) in
      (try reader.number(), try reader.number())
    }
    for (number, position) in opened {
      guard number < Opening.allCases.count else { throw OctetReader.Malformed() }
      self.opened[Opening.allCases[Int(number)]] = position
    }
  }
}
