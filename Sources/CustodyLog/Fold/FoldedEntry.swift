internal import CustodyCrypto
package import CustodyValues

/// An entry that was folded.
package struct FoldedEntry: Sendable {
  package let position: UInt64
  /// The member who signed it.
  package let author: Identifier
  package let bytes: [UInt8]
  /// Nil where it cannot be read; then it is void.
  package let entry: Entry?
  /// The rule that a void entry breaks.
  package let void: HistoryFault.Rule?

  /// The entry, where it counts.
  package var valid: Entry? { void == nil ? entry : nil }
}

extension History {
  /// Entries that were signed and break a rule, in the order of the log.
  package var voids: [VoidEntry] { voidEntries.sorted { $0.position < $1.position } }
  package var voidCount: Int { voidEntries.count }

  /// Why the entry at a position is without effect. Nil where it counts.
  package func voidEntry(at position: UInt64) -> VoidEntry? { voidEntries[position] }
}

extension History {
  /// The member who signed an entry that was folded. Its signature is not checked again.
  package func signed(_ bytes: [UInt8]) throws(HistoryFault) -> Identifier {
    let unread: UnreadEntry
    do throws(EntryError) { unread = try UnreadEntry(bytes) } catch { throw fault(.grammar(error)) }
    guard let author = Entry.author(unread.signature, origin: origin) else { throw fault(.unknownActor) }
    return author
  }
}
