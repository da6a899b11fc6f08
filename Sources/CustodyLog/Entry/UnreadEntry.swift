internal import CustodyCrypto
internal import CustodyValues

/// As much of an entry as says whose it is: a text of this version, and the first signature line behind it. Whatever else
/// is wrong with an entry, its author answers for it by this.
struct UnreadEntry {
  let text: [UInt8]
  let signature: NoteSignature

  init(_ bytes: [UInt8]) throws(EntryError) {
    guard let end = Entry.endOfText(bytes) else { throw .malformedNote }
    let first = Array(Entry.firstLine.utf8) + [0x0a]
    guard bytes.starts(with: first) else { throw .unknownVersion }
    guard let signature = NoteSignature.first(bytes[(end + 1)...]) else { throw .malformedNote }
    (text, self.signature) = (Array(bytes[..<end]), signature)
  }
}

extension Entry {
  /// Whose key a signature line of a log names. Nil where it is of another log.
  static func author(_ line: NoteSignature, origin: String) -> Identifier? {
    let (name, count) = (line.name.utf8, origin.utf8.count)
    guard name.count == count + 1 + 2 * Identifier.count, name.starts(with: origin.utf8),
      name[name.index(name.startIndex, offsetBy: count)] == UInt8(ascii: "/")
    else { return nil }
    return Identifier(hex: Array(name.suffix(2 * Identifier.count)))
  }
}
