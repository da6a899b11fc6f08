internal import CustodyCrypto
internal import CustodyValues

extension Entry {
  /// Parses an entry strictly: every byte is accounted for, and the result formats back to the same bytes.
  package init(parsing bytes: [UInt8]) throws(EntryError) {
    guard bytes.count <= Self.limit else { throw .tooLong }
    guard let end = Self.endOfText(bytes), let signatures = NoteSignature.lines(bytes[(end + 1)...]) else {
      throw .malformedNote
    }
    var lines = LineReader(bytes: bytes, end: end)
    let header = try EntryHeader(reading: &lines)
    var details: [(key: DetailKey, value: Range<Int>)] = []
    details.reserveCapacity(24)
    var keys = DetailKeys()
    var last: Int?
    while let (word, value) = lines.next() {
      let place = try Self.place(of: bytes[word], after: last)
      let key = Words.details[place].key
      guard value.count <= Self.valueLimit, key.syntax.accepts(bytes[value]) else { throw .malformed(key) }
      details.append((key, value))
      keys.insert(at: place)
      last = place
    }
    guard lines.position == end else { throw .malformedLine("detail") }
    try Self.check(header, keys)
    self.init(bytes: bytes, header: header, details: details, textEnd: end, signatures: signatures)
  }

  /// The end of the signed text: the index after its last LF, at the first blank line. No line of an entry is empty.
  static func endOfText(_ bytes: [UInt8]) -> Int? {
    guard bytes.count > 2 else { return nil }
    for place in 1..<(bytes.count - 1) where bytes[place] == 0x0a && bytes[place - 1] == 0x0a { return place }
    return nil
  }

  /// The index of a detail's key in `DetailKey.allCases`. Keys ascend in an entry, so the search starts after the last
  /// one.
  private static func place(of word: ArraySlice<UInt8>, after last: Int?) throws(EntryError) -> Int {
    for place in ((last ?? -1) + 1)..<Words.details.count where Words.details[place].word == word { return place }
    guard let known = Words.details.first(where: { $0.word == word }) else { throw .unknownDetail }
    throw .outOfOrder(known.key)
  }

  private static func check(_ header: EntryHeader, _ keys: DetailKeys) throws(EntryError) {
    guard header.outcome == .ok else {
      // An act that did not take place names its item and nothing else: it changes no state.
      if let key = keys.first(besides: header.action.kind == nil ? [] : Words.item) { throw .notAllowed(key) }
      return
    }
    let rule = header.action.rule
    if let key = rule.required.first(besides: keys) { throw .missing(key) }
    if let key = keys.first(besides: rule.allowed) { throw .notAllowed(key) }
    for group in Words.together where group.isDisjoint(with: rule.required) && !group.isDisjoint(with: keys) {
      if let key = group.first(besides: keys) { throw .missing(key) }
    }
    // An entry names the metadata key's generation if it has text sealed under it, or if its action requires that, and
    // not otherwise.
    let isSealed = !keys.isDisjoint(with: Words.sealed)
    if isSealed, keys.isDisjoint(with: Words.generation) { throw .missing(.metadataGeneration) }
    if !isSealed, !keys.isDisjoint(with: Words.generation), rule.required.isDisjoint(with: Words.generation) {
      throw .notAllowed(.metadataGeneration)
    }
  }
}

extension EntryHeader {
  init(reading lines: inout LineReader) throws(EntryError) {
    guard lines.line() == Array(Entry.firstLine.utf8)[...] else { throw .unknownVersion }
    let origin = try lines.value(of: "log")
    guard Checkpoint.isValidOrigin(origin) else { throw .malformedLine("log") }
    guard let time = Timestamp(rfc3339: try lines.value(of: "time")) else { throw .malformedLine("time") }
    guard let actor = Identifier(hex: try lines.value(of: "actor")) else { throw .malformedLine("actor") }
    guard let seq = Decimal.parse(try lines.value(of: "seq")) else { throw .malformedLine("seq") }
    guard let seen = Seen(parsing: try lines.value(of: "seen")) else { throw .malformedLine("seen") }
    guard let action = Words.actions[try lines.value(of: "action")] else { throw .unknownAction }
    guard let outcome = Outcome(rawValue: String(decoding: try lines.value(of: "outcome"), as: UTF8.self)) else {
      throw .malformedLine("outcome")
    }
    self.init(
      origin: String(decoding: origin, as: UTF8.self), time: time, actor: actor, seq: seq, seen: seen, action: action,
      outcome: outcome)
  }
}

extension Seen {
  init?(parsing text: ArraySlice<UInt8>) {
    guard let space = text.firstIndex(of: 0x20), let size = Decimal.parse(text[..<space]),
      let root = Base64.digest(text[(space + 1)...])
    else { return nil }
    self.init(size: size, root: root)
  }
}

extension DetailKey.Syntax {
  func accepts(_ value: ArraySlice<UInt8>) -> Bool {
    switch self {
    case .digest: Base64.isDigest(value)
    case .cosignature: Base64.decode(value)?.count == Cosignature.width
    case .identifier: Identifier(hex: value) != nil
    case .identifiers: Identifiers.parse(value) != nil
    case .number: Decimal.parse(value) != nil
    case .time: Timestamp(rfc3339: value) != nil
    case .role: Role(rawValue: String(decoding: value, as: UTF8.self)) != nil
    case .leaving: Leaving(rawValue: String(decoding: value, as: UTF8.self)) != nil
    case .machine: MachineUse(rawValue: String(decoding: value, as: UTF8.self)) != nil
    case .source: Source(rawValue: String(decoding: value, as: UTF8.self)) != nil
    case .name: Name.isValid(value)
    case .text: LogValue.isCanonical(value)
    }
  }
}

/// The grammar's words as bytes: Swift compares strings by canonical equivalence, which is too lax here.
private enum Words {
  static let details = DetailKey.allCases.map { (word: Array($0.rawValue.utf8)[...], key: $0) }
  static let item = DetailKeys([.item])
  static let generation = DetailKeys([.metadataGeneration])
  static let sealed = DetailKeys([.metadataCommitment] + Action.underMetadataKey)
  static let together = Action.together.map { DetailKeys($0) }
  static let actions = Dictionary(Action.allCases.map { (Array($0.rawValue.utf8)[...], $0) }) { first, _ in first }
}
