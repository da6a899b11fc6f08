internal import CustodyCrypto
package import CustodyValues

/// An entry before it is signed.
package struct EntryDraft: Sendable {
  package var header: EntryHeader
  private var details: [(key: DetailKey, value: [UInt8])] = []

  package init(_ header: EntryHeader) { self.header = header }

  package mutating func set(_ key: DetailKey, _ value: [UInt8]) {
    let place = details.firstIndex { $0.key >= key } ?? details.endIndex
    if place < details.endIndex, details[place].key == key { details.remove(at: place) }
    details.insert((key, value), at: place)
  }

  package mutating func set(_ key: DetailKey, _ digest: Digest) { set(key, Base64.encode(digest)) }
  /// Sets a cosigned checkpoint: its size, its root and the cosignature's payload (`Cosignature.payload`).
  package mutating func set(_ checkpoint: Seen, cosignature: [UInt8]) {
    set(.size, checkpoint.size)
    set(.root, checkpoint.root)
    set(.cosignature, Base64.encode(cosignature))
  }
  package mutating func set(_ key: DetailKey, _ id: Identifier) { set(key, Hex.encode(id.bytes)) }
  package mutating func set(_ key: DetailKey, _ ids: some Collection<Identifier>) {
    set(key, Identifiers.format(ids))
  }
  package mutating func set(_ key: DetailKey, _ number: UInt64) { set(key, Decimal.format(number)) }
  package mutating func set(_ key: DetailKey, _ time: Timestamp) { set(key, Array(time.text.utf8)) }
  package mutating func set(_ key: DetailKey, _ text: String) { set(key, LogValue.escape(Array(text.utf8))) }

  /// The text to sign: the header's lines, then the details in byte order of their keys.
  package var text: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(1100)
    func line(_ words: [UInt8]...) {
      for (place, word) in words.enumerated() {
        if place > 0 { out.append(0x20) }
        out.append(contentsOf: word)
      }
      out.append(0x0a)
    }
    line(Array(Entry.firstLine.utf8))
    line(Array("log".utf8), Array(header.origin.utf8))
    line(Array("time".utf8), Array(header.time.text.utf8))
    line(Array("actor".utf8), Hex.encode(header.actor.bytes))
    line(Array("seq".utf8), Decimal.format(header.seq))
    line(Array("seen".utf8), Decimal.format(header.seen.size), Base64.encode(header.seen.root))
    line(Array("action".utf8), Array(header.action.rawValue.utf8))
    line(Array("outcome".utf8), Array(header.outcome.rawValue.utf8))
    for detail in details { line(Array(detail.key.rawValue.utf8), detail.value) }
    return out
  }

  /// Signs the text, and parses the result by the strict grammar that every reader uses.
  ///
  /// - Throws: `EntryError` if the draft breaks the grammar; errors of `sign` come out as they are.
  package func signed(publicKey: Digest, by sign: ([UInt8]) throws -> [UInt8]) throws -> Entry {
    let text = self.text
    let name = Entry.keyName(origin: header.origin, member: header.actor)
    let line = VerifierKey(name: name, ed25519: publicKey).line(signature: try sign(text))
    return try Entry(parsing: text + [0x0a] + line.bytes)
  }
}
