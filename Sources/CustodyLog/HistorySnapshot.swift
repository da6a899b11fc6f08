internal import CustodyMemory

/// A fold as bytes, so that the next one begins where it ended. A client's own cache: it may be thrown away at any time,
/// and another version's is not read.
extension History {
  private static let version: UInt64 = 6

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
    out.write(auditKeyLost)
    out.write(adminTime.map { UInt64(bitPattern: $0.milliseconds) })
    out.write(voids) { $1.write(to: &$0) }
    out.write(members.values) { $1.write(to: &$0) }
    out.write(Array(items)) { $1.write(to: &$0) }
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
    auditKeyLost = try reader.number()
    adminTime = try reader.optionalNumber().map { Timestamp(milliseconds: Int64(bitPattern: $0)) }
    voids = try reader.list(ofAtLeast: 32, VoidEntry.init(reading:))
    for member in try reader.list(ofAtLeast: Identifier.count, Member.init(reading:)) { members[member.id] = member }
    for member in members.values {
      names[member.name] = member.id
      takenKeys.formUnion(member.keys.all)
    }
    takenKeys.formUnion(epochs.map(\.auditKey))
    let items = try reader.list(ofAtLeast: Identifier.count, Item.init(reading:))
    tags = Dictionary(minimumCapacity: items.count)
    for item in items {
      self.items[item.id] = item
      guard !item.isRetired else { continue }
      tags[item.place] = item.id
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
    out.write(lostGrants)
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
    (removed, lostGrants) = (try reader.optionalNumber(), try reader.optionalNumber())
    lastSeq = try reader.number()
  }
}

extension VoidEntry {
  fileprivate func write(to out: inout OctetWriter) {
    out.write(position)
    out.write(author)
    out.write(why)
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    self.init(position: try reader.number(), author: try reader.identifier(), why: try reader.text())
  }
}
