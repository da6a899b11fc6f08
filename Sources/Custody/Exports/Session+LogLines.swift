package import CustodySystem
package import CustodyEvidence
internal import CustodyLog
internal import CustodyValues
internal import CustodyStore

extension Core {
  /// Makes the line of an entry, with names as of a history that has the entry.
  func line(
    _ position: UInt64, _ entry: Entry, _ names: OpenedNames, _ history: History, _ roles: RolesThen,
    withReason: Bool = true
  ) throws -> LogLine {
    var line = LogLine(
      entry, at: position, leaf: try ledger.leaf(position), among: history.members, roles,
      name: try entry.identifier(.item).flatMap(names.name), reason: withReason ? try reason(of: position, entry) : nil)
    let isRead = entry.identifier(.item).flatMap { self.history.items[$0] }.map(reads) ?? false
    let hasReason = line?.reason != nil
    line?.isReasonDamaged = withReason && isRead && entry.digest(.reasonSHA256) != nil && !hasReason
    guard let line else { throw VaultError(.integrity, "log entry \(position) is by nobody known") }
    return line
  }
}

extension Session {
  /// Passes the entries that a filter admits to `body`, oldest first. Without a filter, `void` takes the void ones. If
  /// a row of the log is damaged, an error with its `fault` is thrown after all entries before it.
  ///
  /// - Returns: reasons why entries may have been left out, or be too many, because nothing tells whether the filter
  ///   admits them.
  @discardableResult
  package func eachLogLine(
    _ filter: LogFilter, progress: @escaping ProgressReport = { _, _ in },
    void: (VoidLine) throws -> Void = { _ in }, _ body: (LogLine) throws -> Void
  ) throws(VaultError) -> LogDoubts {
    try translating {
      try core.reading {
        let tally = Tally(of: core.history.size, progress)
        return try core.eachLine(ResolvedFilter(filter, core), tally, void, body)
      }
    }
  }
}

extension Core {
  fileprivate func eachLine(
    _ filter: ResolvedFilter, _ tally: Tally, _ void: (VoidLine) throws -> Void, _ body: (LogLine) throws -> Void
  ) throws -> LogDoubts {
    let names = OpenedNames(self)
    var order = TimeOrder(since: filter.plain.since, until: filter.plain.until, now: now())
    try eachNamed(
      names, below: history.size,
      void: {
        tally.add()
        if filter.text == nil { try void($0) }
      },
      where: { position, entry in
        tally.add()
        order.note(entry.time, at: position)
        return filter.admits(entry) ? LogPart.entry : nil
      },
      { position, entry, _, roles in try body(line(position, entry, names, history, roles)) })
    return LogDoubts(misdated: order.misdated, unread: filter.unread)
  }

  /// Does what `eachEntry` does for entries with a part in what is shown. Names are opened for a batch of them at once.
  func eachNamed(
    _ names: OpenedNames, below size: UInt64, void: (VoidLine) throws -> Void, where part: (UInt64, Entry) -> LogPart?,
    _ body: (UInt64, Entry, LogPart, RolesThen) throws -> Void
  ) throws {
    var waiting: [(position: UInt64, entry: Entry, part: LogPart, roles: RolesThen)] = []
    var roles = RolesThen()
    func show() throws {
      try names.prepare(Set(waiting.compactMap { $0.entry.identifier(.item) }))
      for line in waiting { try body(line.position, line.entry, line.part, line.roles) }
      waiting.removeAll(keepingCapacity: true)
    }
    do {
      try eachEntry(
        below: size,
        void: {
          try show()
          try void($0)
        },
        { position, entry in
          roles.note(entry)
          guard let part = part(position, entry) else { return }
          waiting.append((position, entry, part, roles))
          if waiting.count >= 2 * Parallel.batch { try show() }
        })
    } catch let fault as HistoryFault {
      // Entries before the faulty row are valid, and are shown.
      try show()
      throw fault
    }
    try show()
  }
}
