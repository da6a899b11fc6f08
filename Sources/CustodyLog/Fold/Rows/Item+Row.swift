package import CustodyValues

extension Item: FoldRow {
  package func write(to out: inout OctetWriter) {
    out.write(id)
    out.write(kind == .connector ? 1 : 2 as UInt64)
    out.write(tag)
    out.write(connector ?? .none)
    out.write(storedBy)
    stored.write(to: &out)
    for number in [revision, generation, tokensInUse, isRetired ? 1 : 0] { out.write(number) }
    value.write(to: &out)
    out.write(optional: earlier) { $1.write(to: &$0) }
    out.write(optional: broughtBack) { $1.write(to: &$0) }
    dataKey.write(to: &out)
    metadataKey.write(to: &out)
    details.write(to: &out)
    out.write(optional: destination) { $1.write(to: &$0) }
    out.write(optional: expiry) { $1.write(to: &$0) }
    life.write(to: &out)
    out.write(takenBack) { $0.write($1) }
    out.write(grants, Self.write)
    out.write(exposures, Self.write)
    out.write(unseen) { out, value in
      out.write(value.revision)
      out.write(value.replacedBy)
      value.replaced.write(to: &out)
      out.write(value.exposures, Self.write)
    }
  }

  fileprivate static func write(_ out: inout OctetWriter, _ grant: (key: Identifier, value: Grant)) {
    out.write(grant.key)
    grant.value.write(to: &out)
  }

  private static func write(_ out: inout OctetWriter, _ exposure: (key: Identifier, value: Exposure)) {
    out.write(exposure.key)
    exposure.value.write(to: &out)
  }

  package init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    let id = try reader.identifier()
    let kind: ItemKind = try reader.number() == 1 ? .connector : .token
    let (tag, connector, storedBy) = (try reader.digest(), try reader.identifier(), try reader.identifier())
    let stored = try Moment(reading: &reader)
    let (revision, generation) = (try reader.number(), try reader.number())
    let (tokensInUse, retired) = (try reader.number(), try reader.number())
    let value = try SealedValue(reading: &reader)
    let earlier = try reader.optional(EarlierValue.init(reading:))
    let broughtBack = try reader.optional(BroughtBack.init(reading:))
    let (dataKey, metadataKey) = (try NamedKey(reading: &reader), try MetadataKeyState(reading: &reader))
    let details = try NamedNote(reading: &reader)
    let destination = try reader.optional(NamedNote.init(reading:))
    let expiry = try reader.optional(NamedNote.init(reading:))
    let life = try Life(reading: &reader)
    self.init(
      id: id, kind: kind, tag: tag, connector: connector == .none ? nil : connector, storedBy: storedBy,
      stored: stored, value: value, dataKey: dataKey, metadataKey: metadataKey, details: details, life: life)
    (self.revision, self.generation, self.earlier, self.broughtBack) = (revision, generation, earlier, broughtBack)
    (self.tokensInUse, isRetired) = (tokensInUse, retired == 1)
    (self.destination, self.expiry) = (destination, expiry)
    takenBack = try reader.list(ofAtLeast: 16) { reader throws(OctetReader.Malformed) in try reader.identifier() }
    grants = try Self.grants(&reader)
    exposures = try Self.exposures(&reader)
    unseen = try reader.list(ofAtLeast: 40) { reader throws(OctetReader.Malformed) in
      UnseenValue(
        revision: try reader.number(), replacedBy: try reader.identifier(), replaced: try Moment(reading: &reader),
        exposures: try Self.exposures(&reader))
    }
  }

  fileprivate static func grants(_ reader: inout OctetReader) throws(OctetReader.Malformed) -> [Identifier: Grant] {
    var found: [Identifier: Grant] = [:]
    for _ in 0..<(try reader.count(ofAtLeast: 40)) {
      let member = try reader.identifier()
      found[member] = try Grant(reading: &reader)
    }
    return found
  }

  private static func exposures(
    _ reader: inout OctetReader
  ) throws(OctetReader.Malformed) -> [Identifier: Exposure] {
    var found: [Identifier: Exposure] = [:]
    for _ in 0..<(try reader.count(ofAtLeast: 40)) {
      let member = try reader.identifier()
      found[member] = try Exposure(reading: &reader)
    }
    return found
  }
}

extension Moment {
  func write(to out: inout OctetWriter) {
    out.write(position)
    out.write(UInt64(bitPattern: time.milliseconds))
  }

  init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    let position = try reader.number()
    self.init(position: position, time: Timestamp(milliseconds: Int64(bitPattern: try reader.number())))
  }
}

extension Item.Life {
  fileprivate func write(to out: inout OctetWriter) {
    given.write(to: &out)
    made.write(to: &out)
    out.write(optional: used) { $1.write(to: &$0) }
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    self.init(
      given: try Moment(reading: &reader), made: try Moment(reading: &reader),
      used: try reader.optional(Moment.init(reading:)))
  }
}

extension EarlierValue {
  fileprivate func write(to out: inout OctetWriter) {
    value.write(to: &out)
    out.write(revision)
    out.write(optional: key) { out, key in
      key.dataKey.write(to: &out)
      out.write(key.generation)
      out.write(key.grants, Item.write)
    }
    out.write(optional: expiry) { $1.write(to: &$0) }
    life.write(to: &out)
    out.write(isForAdmins ? 1 : 0 as UInt64)
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    self.init(
      value: try SealedValue(reading: &reader), revision: try reader.number(),
      key: try reader.optional { reader throws(OctetReader.Malformed) in
        EarlierKey(
          dataKey: try NamedKey(reading: &reader), generation: try reader.number(), grants: try Item.grants(&reader))
      },
      expiry: try reader.optional(NamedNote.init(reading:)), life: try Item.Life(reading: &reader),
      isForAdmins: try reader.number() == 1)
  }
}

extension BroughtBack {
  fileprivate func write(to out: inout OctetWriter) {
    out.write(by)
    moment.write(to: &out)
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    self.init(by: try reader.identifier(), moment: try Moment(reading: &reader))
  }
}

extension SealedValue {
  fileprivate func write(to out: inout OctetWriter) {
    out.write(entry)
    out.write(sha256)
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    self.init(entry: try reader.number(), sha256: try reader.digest())
  }
}

extension NamedKey {
  fileprivate func write(to out: inout OctetWriter) {
    out.write(entry)
    out.write(commitment)
    out.write(envelopes)
    out.write(count)
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    self.init(
      entry: try reader.number(), commitment: try reader.digest(), envelopes: try reader.digest(),
      count: try reader.number())
  }
}

extension MetadataKeyState {
  fileprivate func write(to out: inout OctetWriter) {
    key.write(to: &out)
    for number in [generation, epoch, isWithLeaver ? 1 : 0] { out.write(number) }
    out.write(renewals) { $0.write($1) }
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    let key = try NamedKey(reading: &reader)
    let (generation, epoch, leaver) = (try reader.number(), try reader.number(), try reader.number())
    let renewals = try reader.list(ofAtLeast: 8) { reader throws(OctetReader.Malformed) in try reader.number() }
    self.init(key: key, generation: generation, renewals: renewals, epoch: epoch)
    isWithLeaver = leaver == 1
  }
}

extension NamedNote {
  fileprivate func write(to out: inout OctetWriter) {
    moment.write(to: &out)
    out.write(author)
    out.write(sha256)
    out.write(sealedSHA256)
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    self.init(
      moment: try Moment(reading: &reader), author: try reader.identifier(), sha256: try reader.digest(),
      sealedSHA256: try reader.digest())
  }
}

extension Grant {
  fileprivate func write(to out: inout OctetWriter) {
    out.write(right)
    out.write(until.map { UInt64(bitPattern: $0.milliseconds) })
    envelope.write(to: &out)
    out.write(optional: metadataEnvelope) { $1.write(to: &$0) }
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    let right = try reader.number()
    let until = try reader.optionalNumber().map { Timestamp(milliseconds: Int64(bitPattern: $0)) }
    self.init(
      right: right, until: until, envelope: try NamedEnvelope(reading: &reader),
      metadataEnvelope: try reader.optional(NamedEnvelope.init(reading:)))
  }
}

extension NamedEnvelope {
  fileprivate func write(to out: inout OctetWriter) {
    out.write(entry)
    out.write(optional: sha256) { $0.write($1) }
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    let entry = try reader.number()
    self.init(
      entry: entry,
      sha256: try reader.optional { reader throws(OctetReader.Malformed) in try reader.digest() })
  }
}

extension Exposure {
  fileprivate func write(to out: inout OctetWriter) {
    out.write(revision)
    since.write(to: &out)
    out.write(opened) {
      $0.write(UInt64(Opening.allCases.firstIndex(of: $1.key) ?? 0))
      $1.value.write(to: &$0)
    }
  }

  fileprivate init(reading reader: inout OctetReader) throws(OctetReader.Malformed) {
    self.init(revision: try reader.number(), since: try Moment(reading: &reader))
    for _ in 0..<(try reader.count(ofAtLeast: 24)) {
      let number = try reader.number()
      guard number < Opening.allCases.count else { throw OctetReader.Malformed() }
      opened[Opening.allCases[Int(number)]] = try Moment(reading: &reader)
    }
  }
}
