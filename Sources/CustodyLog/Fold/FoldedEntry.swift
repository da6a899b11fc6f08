internal import CustodyCrypto
public import CustodyValues

/// An entry that was folded.
public struct FoldedEntry: Sendable {
  public let position: UInt64
  /// The member who signed it.
  public let author: Identifier
  public let bytes: [UInt8]
  /// Nil where it cannot be read; then it is void.
  public let entry: Entry?
  /// The rule that a void entry breaks.
  public let void: HistoryFault.Rule?

  /// The entry, where it counts.
  public var valid: Entry? { void == nil ? entry : nil }
}

extension History {
  /// Entries that were signed and break a rule, in the order of the log.
  public var voids: [VoidEntry] { voidEntries.sorted { $0.position < $1.position } }
  public var voidCount: Int { voidEntries.count }

  /// Why the entry at a position is without effect. Nil where it counts.
  public func voidEntry(at position: UInt64) -> VoidEntry? { voidEntries[position] }
}

extension History {
  /// The member who signed an entry that was folded. Its signature is not checked again.
  public func signed(_ bytes: [UInt8]) throws(HistoryFault) -> Identifier {
    let unread: UnreadEntry
    do throws(EntryError) { unread = try UnreadEntry(bytes) } catch { throw fault(.grammar(error)) }
    guard let author = Entry.author(unread.signature, origin: origin) else { throw fault(.unknownActor) }
    return author
  }
}
