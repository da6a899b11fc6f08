public import CustodyLog
public import CustodyMemory
internal import CustodyStore

/// An entry as people read it: IDs with the names that the reader can open.
public struct LogLine: Sendable {
  public let position: UInt64
  public let entry: Entry
  public let leafHash: Digest
  public let author: Member
  public let actorKey: VerifierKey
  /// The token's or connector's name, where this member can open it.
  public let name: String?
  public let token: TokenDetails?
  public let connector: String?
  public let recipient: Member?
  public let reason: String?
}

extension LogLine {
  public var actor: String { author.name }

  /// Nil where the author is not among the members.
  init?(
    _ entry: Entry, at position: UInt64, leaf: Digest, among members: FoldTable<Identifier, Member>, _ names: Names,
    reason: String?
  ) {
    guard let author = members[entry.actor] else { return nil }
    let item = entry.identifier(.item)
    let token = item.flatMap { names.tokens[$0] }
    self.init(
      position: position, entry: entry, leafHash: leaf, author: author,
      actorKey: author.entryKey(origin: entry.origin), name: item.flatMap(names.item), token: token,
      connector: item.flatMap { names.connectors[$0]?.name } ?? token?.connector,
      recipient: (entry.identifier(.to) ?? entry.identifier(.member)).flatMap { members[$0] }, reason: reason)
  }
}

extension Core {
  /// As of a history that has the entry.
  func line(
    _ position: UInt64, _ entry: Entry, _ names: Names, _ history: History, withReason: Bool = true
  ) throws -> LogLine {
    let line = LogLine(
      entry, at: position, leaf: try ledger.leaf(position), among: history.members, names,
      reason: withReason ? try reason(of: position, entry) : nil)
    guard let line else { throw VaultError(.integrity, "log entry \(position) is by nobody known") }
    return line
  }
}

extension Session {
  /// The entries that a filter admits, oldest first; without a filter `void` is told of those that count for nothing.
  public func eachLogLine(
    _ filter: LogFilter, progress: @escaping ProgressReport = { _, _ in },
    void: (VoidLine) throws -> Void = { _ in }, _ body: (LogLine) throws -> Void
  ) throws(VaultError) {
    try translating {
      try core.reading {
        let tally = Tally(of: core.history.size + UInt64(core.history.items.count), progress)
        let names = try Names(core, tally)
        try core.eachLine(ResolvedFilter(filter, core, names), names, tally, void, body)
      }
    }
  }
}

extension Core {
  func eachLine(
    _ filter: ResolvedFilter, _ names: Names, _ tally: Tally, _ void: (VoidLine) throws -> Void,
    _ body: (LogLine) throws -> Void
  ) throws {
    try eachEntry(
      below: history.size,
      void: {
        tally.add()
        if filter.text == nil { try void($0) }
      },
      { position, entry in
        tally.add()
        guard filter.admits(entry) else { return }
        try body(line(position, entry, names, history))
      })
  }
}
