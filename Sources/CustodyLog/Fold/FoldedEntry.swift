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

/// An entry in the log without effect: an active member signed it, and it breaks a rule.
public struct VoidEntry: Equatable, Sendable {
  public let position: UInt64
  public let author: Identifier
  /// The rule that it breaks, in words.
  public let why: String
}

/// One Ed25519 signature that has to hold for what was folded to count.
public struct SignatureCheck: Sendable {
  let signature: [UInt8]
  let text: [UInt8]
  let key: VerifierKey
  /// What it means that this one does not hold.
  public let fault: HistoryFault

  public var holds: Bool { Signature.verify(signature, text, key: key.publicKey) }
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
