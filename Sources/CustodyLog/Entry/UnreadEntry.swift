internal import CustodyCrypto
internal import CustodyValues

/// The parts of an entry that identify its author: a text of this version, and its first signature line. The author
/// answers for the entry by them even if the rest of it is malformed.
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
  /// The member named by a signature line of this log. Nil if the line's name is of another log.
  static func author(_ line: NoteSignature, origin: String) -> Identifier? {
    let (name, count) = (line.name.utf8, origin.utf8.count)
    guard name.count == count + 1 + 2 * Identifier.count, name.starts(with: origin.utf8),
      name[name.index(name.startIndex, offsetBy: count)] == UInt8(ascii: "/")
    else { return nil }
    return Identifier(hex: Array(name.suffix(2 * Identifier.count)))
  }
}
