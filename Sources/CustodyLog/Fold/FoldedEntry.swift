internal import CustodyCrypto
package import CustodyValues

/// An entry that was folded, with the rule that it breaks if it is void.
package struct FoldedEntry: Sendable {
  package let position: UInt64
  /// The member who signed it.
  package let author: Identifier
  package let bytes: [UInt8]
  /// The parsed entry. Nil if it breaks the grammar; then it is void.
  package let entry: Entry?
  /// The rule that a void entry breaks.
  package let void: HistoryFault.Rule?

  /// The entry if it is not void.
  package var valid: Entry? { void == nil ? entry : nil }
}

extension History {
  /// The void entries, in the order of the log.
  package var voids: [VoidEntry] { voidEntries.sorted { $0.position < $1.position } }
  package var voidCount: Int { voidEntries.count }

  /// The void entry at a position, with the reason. Nil if the entry there counts.
  package func voidEntry(at position: UInt64) -> VoidEntry? { voidEntries[position] }
}

extension History {
  /// The author of an entry that was folded before. The signature is not verified again.
  package func signed(_ bytes: [UInt8]) throws(HistoryFault) -> Identifier {
    let unread: UnreadEntry
    do throws(EntryError) { unread = try UnreadEntry(bytes) } catch { throw fault(.grammar(error)) }
    guard let author = Entry.author(unread.signature, origin: origin) else { throw fault(.unknownActor) }
    return author
  }
}
