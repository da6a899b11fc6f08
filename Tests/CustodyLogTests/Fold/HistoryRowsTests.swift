import CustodyCrypto
import CustodyLog
import CustodyValues
import Testing

/// Stored folds: one that is restored has the same state, and continues the same way.
struct HistoryRowsTests {
  let story: Story
  private let (connector, token, retired): (Identifier, Identifier, Identifier)

  /// A log with some of everything: voids, lost grants, an end, a take-over, renewals, a retired item, a machine.
  init() throws {
    story = try Story()
    let (story, retired) = (story, Identifier.random())
    let (connector, token) = try story.furnish()
    (self.connector, self.token, self.retired) = (connector, token, retired)
    try story.add(.memberEnroll, story.ada) {
      story.person(&$0, story.eve, "eve", .developer)
      $0.set(.member, story.eve.id)
      $0.set(.requestSHA256, Story.hash)
      $0.set(.machine, "exchange")
    }
    for person in [story.dev, story.eve] {
      try story.add(.tokenShare, story.ada) {
        story.share(&$0, token, person)
        $0.set(.until, story.time.adding(milliseconds: 1000))
        story.reason(&$0)
      }
    }
    try story.add(.tokenStore, story.ada) {
      story.newToken(&$0, retired, of: connector, tag: 3)
      story.expiry(&$0)
    }
    try story.add(.tokenRetire, story.ada) { $0.set(.item, retired) }
    try story.add(.tokenExchange, story.dev) {
      story.values(&$0, token, 2, 1)
      $0.set(.how, "pipe")
    }
    try story.add(.connectorRotate, story.ada) {
      story.rekeyed(&$0, connector, 2, 2)
      story.expiry(&$0)
    }
    try story.fold(try story.entry(.memberRemove, story.dev) { story.leave(&$0, story.ada) }.bytes)
    try story.fold(try story.signed("custody-entry/v1\njunk\n", as: story.audrey))
    try story.add(.connectorRenew, story.ada) { story.renewal(&$0, connector, 2) }
    try story.add(.tokenUnshare, story.ada) { story.unshare(&$0, token, story.dev) }
    try story.change(story.audrey, to: .developer)
    try story.remove(story.eve)
    try story.add(.memberRekey, story.audrey) { $0.set(.seedSHA256, Story.hash) }
    try story.add(.logCosign, story.dev) {
      $0.set(Seen(size: 1, root: Story.hash), cosignature: Array(1...72))
    }
  }

  private func kept() throws -> History { try #require(story.history.kept) }

  @Test func `a rich history comes back`() throws {
    var copy = try kept()
    expectAlike(copy, story.history)
    #expect(copy.size == story.history.size && copy.root() == story.history.root())
    #expect(copy.state == story.history.state && copy.rowCounts == story.history.rowCounts && copy.unsavedCount == 0)
    let item = try #require(copy.items[connector])
    #expect(item.unseen.count == 1 && item.tokensInUse == 1 && item.metadataKey.renewals.count == 1)
    #expect(copy.items[retired]?.isRetired == true && copy.items[retired]?.expiry != nil)
    #expect(copy.items[token]?.earlier != nil)
    #expect(copy.isMetadataKeyStale(of: item, for: story.dev.id, at: story.time))
    #expect(copy.recordedCosignatures.map(\.payload) == [Array(1...72)] && copy.epoch == 3)
  }

  @Test func `void entries are remembered, with their author and why`() throws {
    let copy = try kept()
    #expect(copy.voids == story.history.voids && copy.voids.count == 2)
    #expect(copy.voids.map(\.author) == [story.dev.id, story.audrey.id])
    for void in copy.voids { #expect(copy.voidEntry(at: void.position) == void && !void.why.isEmpty) }
    #expect(copy.members[story.dev.id]?.lastSeq == story.dev.seq)
  }

  @Test func `the time that admins have said is kept`() throws {
    try story.add(.connectorShare, story.dev) {
      story.share(&$0, connector, story.audrey, 2, 2, metadata: 2)
      $0.set(.until, story.time.adding(milliseconds: 1))
    }
    func leavesOut() throws -> Bool {
      let copy = try kept()
      return copy.mayLeaveOut(story.audrey.id, of: try #require(copy.items[connector]), by: story.eve.id)
    }
    #expect(try !leavesOut())
    story.time = story.time.adding(milliseconds: 1)
    try story.add(.logVerify, story.ada) { $0.set(.size, 1) }
    #expect(try leavesOut())
  }

  @Test func `what follows is folded alike, valid, void or refused`() throws {
    var copy = try kept()
    let size = story.entries.count
    story.time = story.time.adding(milliseconds: 5000)
    try story.add(.logVerify, story.ada) { $0.set(.size, 1) }
    try story.fold(try story.entry(.connectorChange, story.dev) { story.changed(&$0, connector, metadata: 2) }.bytes)
    try story.add(.connectorRenew, story.dev) { story.renewal(&$0, connector, 3) }
    try story.add(.connectorChange, story.dev) { story.changed(&$0, connector, metadata: 3) }
    try story.add(.connectorShare, story.dev) { story.share(&$0, connector, story.audrey, 2, 2, metadata: 3) }
    try story.add(.tokenRekey, story.ada) { story.rekeyed(&$0, token, 2, 2) }
    try story.fold(try story.entry(.connectorRetire, story.dev) { $0.set(.item, connector) }.bytes)
    try story.add(.tokenRetire, story.ada) { $0.set(.item, token) }
    try story.add(.connectorRetire, story.dev) { $0.set(.item, connector) }
    try story.change(story.dev, to: .admin)
    try story.add(.connectorSettle, story.dev) {
      $0.set(.item, connector)
      $0.set(.revision, 1)
    }
    for bytes in story.entries[size...] { try copy.fold(bytes) }
    #expect(copy.voids == story.history.voids && copy.voids.count == 4)
    #expect(copy.root() == story.history.root())
    expectAlike(copy, story.history)
    let stranger = try story.signed("custody-entry/v1\nx\n", as: story.eve)
    #expect(throws: HistoryFault(position: copy.size, rule: .removedActor)) { try copy.fold(stranger) }
  }

  @Test func `a transaction goes on over a snapshot, and its checkpoint is its author's`() throws {
    var copy = try kept()
    let base = Seen(size: story.history.size - 1, root: try story.seen(story.history.size - 1))
    let next = try story.entry(.logVerify, story.dev) {
      $0.set(.size, 1)
      $0.header.seen = base
    }
    try copy.append(next)
    #expect(copy.transactions == story.history.transactions)
    let checkpoint = Checkpoint(origin: story.origin, size: copy.size, root: copy.root())
    try copy.check(checkpoint, signedBy: story.dev.id)
    #expect(throws: HistoryFault(position: copy.size, rule: .checkpointSigner)) {
      try copy.check(checkpoint, signedBy: story.ada.id)
    }
  }

  @Test func `a state that is cut or longer is none`() throws {
    let state = story.history.state
    let rows = RowsInMemory(story.history.unsavedRows)
    for length in state.indices { #expect(History(state: Array(state[..<length]), rows: rows) == nil) }
    #expect(History(state: state + [0], rows: rows) == nil)
    #expect(try kept().size == story.history.size)
  }

  @Test func `changed bytes make another fold or none, and never end the program`() throws {
    var (made, refused) = (0, 0)
    func walk(_ state: [UInt8], _ changes: [FoldChange]) {
      guard let history = History(state: state, rows: RowsInMemory(changes)) else { return refused += 1 }
      made += 1
      _ = (history.size, history.items.count { $0.isRetired }, history.activeMembers.count, history.voids.count)
    }
    var state = story.history.state
    let rows = story.history.unsavedRows
    for place in state.indices {
      state[place] ^= 0x81
      walk(state, rows)
      state[place] ^= 0x81
    }
    for (number, row) in rows.enumerated() {
      for place in (row.value ?? []).indices {
        var (changed, value) = (rows, row.value ?? [])
        value[place] ^= 0x81
        changed[number] = FoldChange(table: row.table, key: row.key, value: value, target: row.target)
        walk(state, changed)
      }
    }
    #expect(made > 0 && refused > 0)
  }

  @Test func `rows that are given up while a log is folded make the same fold`() throws {
    let rows = RowsInMemory()
    var history = History()
    for bytes in story.entries {
      try history.fold(bytes)
      rows.take(history.unsavedRows)
      history.noteSaved()
      history.rebase(onto: rows)
    }
    #expect(!history.isDamaged && history.unsavedCount == 0)
    expectAlike(history, story.history)
    #expect(history.voids == story.history.voids && history.rowCounts == story.history.rowCounts)
  }

  @Test func `a row that is missing is damage, and no absence`() throws {
    let rows = RowsInMemory(story.history.unsavedRows.filter { $0.key != connector.bytes })
    let history = try #require(History(state: story.history.state, rows: rows))
    rows.lose(1)
    #expect(history.items[token]?.connector == connector && !history.isDamaged)
    _ = history.items.count { $0.isRetired }
    #expect(history.isDamaged)
  }
}
