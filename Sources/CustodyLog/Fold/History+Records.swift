package import CustodyValues

extension History {
  /// Entries that were signed and break a rule, in the order of the log.
  package var voids: [VoidEntry] { voidEntries.sorted { $0.position < $1.position } }
  package var voidCount: Int { voidEntries.count }

  /// Why the entry at a position is without effect. Nil where it counts.
  package func voidEntry(at position: UInt64) -> VoidEntry? { voidEntries[position] }

  /// In the order of their entries.
  package var recordedCosignatures: [RecordedCosignature] { cosignatures.sorted { $0.position < $1.position } }

  /// The member who signed an entry that was folded. Its signature is not checked again.
  package func signed(_ bytes: [UInt8]) throws(HistoryFault) -> Identifier {
    let unread: UnreadEntry
    do throws(EntryError) { unread = try UnreadEntry(bytes) } catch { throw fault(.grammar(error)) }
    guard let author = Entry.author(unread.signature, origin: origin) else { throw fault(.unknownActor) }
    return author
  }
}
