import CustodySystem
import CustodyValues
import CustodyStore
import Testing

@Suite struct RecordTests {
  let folder: Folder
  init() throws { folder = try Folder() }

  @Test(arguments: Engine.allCases)
  func `members, requests and key wraps come back as they went in`(engine: Engine) throws {
    let store = try filled(engine, folder)
    #expect(try store.vault() == Cast.vault)
    #expect(try store.members() == [Cast.founder, Cast.member])
    #expect(try store.member(Cast.member.id) == Cast.member)
    #expect(try store.member(Cast.request.id) == nil)
    #expect(try store.requests() == [Cast.request])
    #expect(try store.request(Cast.request.id) == Cast.request)
    #expect(try store.keyWraps() == [Cast.auditWrap, Cast.vaultWrap])
    #expect(try store.keyWraps(of: .none) == [Cast.auditWrap])
    #expect(try store.keyWraps(of: Cast.id(4)).isEmpty)
  }

  @Test(arguments: Engine.allCases)
  func `members, requests, wraps and the audit key change and go`(engine: Engine) throws {
    let store = try filled(engine, folder)
    var changed = Cast.member
    changed.seed.seed = [99]
    changed.seed.keyFile = 0
    try store.write {
      try store.update(changed)
      try store.updateAuditKey(Cast.digest(77))
      try store.deleteMember(Cast.founder.id)
      try store.deleteRequest(Cast.request.id)
      try store.takeBackKeyWraps(of: Cast.id(3), .audit)
      #expect(try store.keyWraps(of: Cast.id(3)) == [Cast.vaultWrap])
      try store.takeBackKeyWraps(of: Cast.id(3))
    }
    #expect(try store.vault().auditKey == Cast.digest(77))
    #expect(try store.members() == [changed])
    #expect(try store.requests().isEmpty)
    var wrap = Cast.vaultWrap
    wrap.sealed = nil
    #expect(try store.keyWraps() == [wrap, Cast.auditWrap].sorted { $0.recipient < $1.recipient })
    // Somebody who can write the file may have deleted the row.
    try store.deleteMember(Cast.founder.id)
    expect(.notFound) { try store.deleteRequest(Cast.request.id) }
    expect(.notFound) { try store.update(Cast.founder) }
  }

  @Test(arguments: Engine.allCases)
  func `a vault without its own row is malformed`(engine: Engine) throws {
    let store = try engine.create(folder.vault)
    expect(.malformed(table: "vault")) { _ = try store.vault() }
    expect(.notFound) { try store.updateAuditKey(Cast.digest(1)) }
  }

  @Test(arguments: Engine.allCases)
  func `items and revisions come back as they went in`(engine: Engine) throws {
    let store = try filled(engine, folder)
    #expect(try store.item(.token, tag: Cast.tag) == Cast.token)
    #expect(try store.item(id: Cast.connector.id) == Cast.connector)
    #expect(try store.item(.token, tag: Cast.digest(200)) == nil)
    #expect(try collect(store.eachItem) == [Cast.connector, Cast.token])
    #expect(try store.revision(Cast.token.id, 2, generation: 3) == Cast.newRevision)
    #expect(try store.revision(Cast.token.id, 2, generation: 2) == nil)
    #expect(try store.revision(Cast.token.id, 3, generation: 3) == nil)
    #expect(try store.revisions(of: Cast.token.id) == [Cast.oldRevision, Cast.newRevision])
    #expect(try collect(store.eachRevision) == [Cast.connectorRevision, Cast.oldRevision, Cast.newRevision])
    try store.updateItem(Cast.token.id, revision: 8, generation: 9)
    #expect(try store.item(id: Cast.token.id)?.revision == 8)
    #expect(try store.item(id: Cast.token.id)?.generation == 9)
    expect(.notFound) { try store.updateItem(Cast.id(200), revision: 1, generation: 1) }
    try store.updateItem(Cast.token.id, metadataGeneration: 10)
    try store.updateItem(Cast.token.id, details: 11)
    let changed = ItemRow(
      id: Cast.token.id, kind: .token, tag: Cast.tag, revision: 8, generation: 9, metadataGeneration: 10, details: 11)
    #expect(try collect(store.eachItem) == [Cast.connector, changed])
    expect(.notFound) { try store.updateItem(Cast.id(200), metadataGeneration: 1) }
    expect(.notFound) { try store.updateItem(Cast.id(200), details: 1) }
  }

  @Test(arguments: Engine.allCases)
  func `old revisions and generations go, and only they`(engine: Engine) throws {
    let store = try filled(engine, folder)
    #expect(try store.deleteRevisions(of: Cast.token.id, but: 2, generation: 3) == 1)
    #expect(try store.revisions(of: Cast.token.id) == [Cast.newRevision])
    #expect(try store.deleteRevisions(of: Cast.token.id, but: 2, generation: 3) == 0)
    #expect(try store.deleteRevisions(of: Cast.token.id, but: 2, generation: 2) == 1)
    #expect(try store.deleteEnvelopes(of: Cast.token.id, .dataKey, generationsBelow: 3) == 1)
    #expect(try collect(store.eachEnvelope) == Array(Cast.envelopes[1...]))
    #expect(try store.deleteEnvelopes(of: Cast.token.id, .metadataKey, generationsBelow: 5) == 0)
    #expect(try store.deleteEnvelopes(of: Cast.token.id, .metadataKey, generationsBelow: 6) == 2)
    #expect(try collect(store.eachEnvelope) == [Cast.envelope])
    #expect(try store.revisions(of: Cast.connector.id) == [Cast.connectorRevision])
  }

  @Test(arguments: Engine.allCases)
  func `one query tells a shared item from one that is not shared and one that is not there`(engine: Engine) throws {
    let store = try filled(engine, folder)
    let mine = try #require(try store.retrieval(of: Cast.token.id, recipient: Cast.member.id))
    #expect(mine.item == Cast.token)
    #expect(mine.revision == Cast.newRevision)
    #expect(mine.envelope == Cast.envelope)
    let other = try #require(try store.retrieval(of: Cast.token.id, recipient: Cast.founder.id))
    #expect(other.item == Cast.token)
    #expect(other.envelope == nil)
    #expect(try store.retrieval(of: Cast.id(200), recipient: Cast.member.id) == nil)
  }

  @Test(arguments: Engine.allCases)
  func `an envelope that was taken back keeps its hash, and can be given again`(engine: Engine) throws {
    let store = try filled(engine, folder)
    try store.takeBackEnvelopes(of: Cast.token.id, recipient: Cast.member.id)
    var (taken, read) = (Cast.envelope, Cast.metadataEnvelope)
    (taken.sealed, read.sealed) = (nil, nil)
    // Both keys' envelopes, of any generation, and nobody else's.
    #expect(try collect(store.eachEnvelope) == [Cast.oldEnvelope, taken, Cast.auditEnvelope, read])
    #expect(try store.retrieval(of: Cast.token.id, recipient: Cast.member.id)?.envelope == nil)
    #expect(try store.listing(of: Cast.token.id, recipient: Cast.member.id)?.envelope == nil)
    var again = Cast.envelope
    (again.entry, again.sealed, again.sha256) = (9, [88], Cast.digest(89))
    try store.put(again)
    #expect(try store.retrieval(of: Cast.token.id, recipient: Cast.member.id)?.envelope == again)
    #expect(try store.envelopes(of: Cast.token.id, .dataKey, generation: 3) == [taken, again])
    #expect(try store.envelopes(of: Cast.token.id, .metadataKey, generation: 5) == [Cast.auditEnvelope, read])
    #expect(try store.envelopes(of: Cast.token.id, .metadataKey, generation: 3) == [])
  }

  @Test(arguments: Engine.allCases)
  func `of several envelopes the newest is read, once, and all are taken back together`(engine: Engine) throws {
    let store = try filled(engine, folder)
    var newest = [Cast.envelope, Cast.metadataEnvelope]
    for (place, row) in newest.enumerated() {
      for entry: UInt64 in [19, 21, 18] {
        var next = row
        (next.entry, next.sealed, next.sha256) = (entry, [88], Cast.digest(UInt8(entry)))
        try store.put(next)
        if entry == 21 { newest[place] = next }
      }
    }
    func listed() throws -> [EnvelopeRow?] {
      var envelopes: [EnvelopeRow?] = []
      try store.eachListed(.token, recipient: Cast.member.id) { envelopes.append($0.envelope) }
      return envelopes
    }
    #expect(try store.retrieval(of: Cast.token.id, recipient: Cast.member.id)?.envelope == newest[0])
    #expect(try store.listing(of: Cast.token.id, recipient: Cast.member.id)?.envelope == newest[1])
    #expect(try listed() == [newest[1]])
    try store.takeBackEnvelopes(of: Cast.token.id, recipient: Cast.member.id)
    #expect(try store.retrieval(of: Cast.token.id, recipient: Cast.member.id)?.envelope == nil)
    #expect(try listed() == [nil])
    #expect(try collect(store.eachEnvelope).compactMap(\.sealed) == [[22]])
  }

  @Test(arguments: Engine.allCases)
  func `a tag is taken once in each kind`(engine: Engine) throws {
    let store = try filled(engine, folder)
    var other = Cast.token
    other.id = Cast.id(204)
    try store.put(other)
    #expect(try store.item(.token, tag: Cast.tag) == other)
    #expect(try store.item(id: Cast.token.id)?.tag == nil)
    other.kind = .connector
    try store.put(other)
    #expect(try store.item(.connector, tag: Cast.tag) == other)
  }

  @Test(arguments: Engine.allCases)
  func `a freed name can be taken by another item`(engine: Engine) throws {
    let store = try filled(engine, folder)
    try store.freeTag(of: Cast.token.id)
    #expect(try store.item(.token, tag: Cast.tag) == nil)
    var next = Cast.token
    next.id = Cast.id(203)
    try store.put(next)
    try store.put(RevisionRow(item: next.id, revision: 2, generation: 3, entry: 8, secret: [2]))
    #expect(try store.item(.token, tag: Cast.tag) == next)
    expect(.notFound) { try store.freeTag(of: Cast.id(200)) }
    var listed: [ItemRow] = []
    try store.eachListed(.token, recipient: Cast.member.id) { listed.append($0.item) }
    var retired = Cast.token
    retired.tag = nil
    #expect(listed == [retired, next])
  }

  @Test(arguments: Engine.allCases)
  func `a list has each item of its kind with the member's envelope`(engine: Engine) throws {
    let store = try filled(engine, folder)
    var tokens: [ListedItemRow] = []
    try store.eachListed(.token, recipient: Cast.member.id) { tokens.append($0) }
    let token = try #require(tokens.first)
    #expect(tokens.count == 1 && token.item == Cast.token && token.envelope == Cast.metadataEnvelope)
    // The details may be older than the newest key: their own generation stands beside them.
    #expect(token.details == Cast.details)
    #expect(try store.listing(of: Cast.token.id, recipient: Cast.member.id) == token)
    #expect(try store.listing(of: Cast.id(200), recipient: Cast.member.id) == nil)
    var connectors: [ListedItemRow] = []
    try store.eachListed(.connector, recipient: Cast.member.id) { connectors.append($0) }
    #expect(connectors.map(\.item) == [Cast.connector])
    #expect(connectors.map(\.envelope) == [nil])
    #expect(connectors.map(\.details) == [Cast.connectorDetails])
    let mine = try #require(try store.listing(of: Cast.connector.id, recipient: Cast.member.id))
    #expect([mine] == connectors)
  }

  @Test(arguments: Engine.allCases)
  func `metadata keys, notes and the log come back as they went in`(engine: Engine) throws {
    let store = try filled(engine, folder)
    #expect(try store.metadataKeys(of: Cast.token.id) == [Cast.metadataKey])
    #expect(try store.metadataKeys(of: Cast.connector.id) == [])
    #expect(try collect(store.eachMetadataKey) == [Cast.metadataKey])
    #expect(try store.note(7, .reason) == Cast.reason)
    #expect(try store.note(7, .details) == nil)
    #expect(try store.note(6, .details) == Cast.details)
    #expect(try store.note(6, .destination) == Cast.destination)
    #expect(try collect(store.eachNote) == Cast.notes)
    #expect(try store.entry(1) == Cast.entries[1])
    #expect(try store.entry(3) == nil)
    #expect(try collect { try store.eachEntry(from: 1, $0) } == Array(Cast.entries[1...]))
    #expect(try store.entryCount() == 3)
    #expect(try store.node(level: 0, number: 1) == Cast.digest(29))
    #expect(try store.node(level: 1, number: 1) == nil)
    #expect(try collect(store.eachNode) == Cast.nodes)
    #expect(try store.newestCheckpoint() == Cast.checkpoints[1])
    #expect(try store.checkpoint(size: 2) == Cast.checkpoints[0])
    #expect(try collect { try store.eachCheckpoint(from: 3, $0) } == [Cast.checkpoints[1]])
  }

  @Test(arguments: Engine.allCases)
  func `a node's place holds every level of the largest tree, and no other number`(engine: Engine) throws {
    let store = try engine.create(folder.vault)
    let last = NodeRow(level: 48, number: 1 << 48 - 1, hash: Cast.digest(1))
    try store.put(last)
    #expect(try collect(store.eachNode) == [last])
    for (level, number) in [(49, 0), (-1, 0), (0, 1 << 48), (Int.max, UInt64.max), (Int.min, 1)] as [(Int, UInt64)] {
      #expect(try store.node(level: level, number: number) == nil)
      expect(.malformed(table: "log_node")) {
        try store.put(NodeRow(level: level, number: number, hash: Cast.digest(1)))
      }
    }
  }

  @Test(arguments: Engine.allCases)
  func `an empty log has no entry and no checkpoint`(engine: Engine) throws {
    let store = try engine.create(folder.vault)
    #expect(try store.entryCount() == 0)
    #expect(try store.newestCheckpoint() == nil)
    #expect(try store.counts().values.allSatisfy { $0 == 0 })
  }

  @Test(arguments: Engine.allCases)
  func `every key can be taken once`(engine: Engine) throws {
    let store = try filled(engine, folder)
    let before = try store.counts()
    expect(.conflict) { try store.insert(Cast.vault) }
    expect(.conflict) { try store.insert(Cast.member) }
    expect(.conflict) { try store.insert(Cast.request) }
    expect(.conflict) { try store.insert(Cast.entries[0]) }
    expect(.conflict) { try store.insert(Cast.checkpoints[0]) }
    var orphan = Cast.newRevision
    orphan.item = Cast.id(202)
    expect(.conflict) { try store.put(orphan) }
    #expect(try store.counts() == before)
  }

  /// Somebody who can write the file can add rows that the log does not have yet.
  @Test(arguments: Engine.allCases)
  func `a new row takes the place of one that lies there`(engine: Engine) throws {
    let store = try filled(engine, folder)
    let before = try store.counts()
    var (revision, envelope) = (Cast.newRevision, Cast.envelope)
    (revision.secret, revision.entry, envelope.sealed, envelope.sha256) = ([1], 50, [2], Cast.digest(51))
    var (key, note, node, wrap) = (Cast.metadataKey, Cast.reason, Cast.nodes[0], Cast.vaultWrap)
    (key.previous, note.sealed, note.generation, wrap.sealed) = ([3], [4], 52, nil)
    node = NodeRow(level: node.level, number: node.number, hash: Cast.digest(53))
    try store.write {
      try store.put(revision)
      try store.put(envelope)
      try store.put(key)
      try store.put(note)
      try store.put(node)
      try store.put(wrap)
    }
    #expect(try store.counts() == before)
    #expect(try store.revision(revision.item, revision.revision, generation: revision.generation) == revision)
    #expect(try collect(store.eachEnvelope).contains(envelope))
    #expect(try store.metadataKeys(of: key.item) == [key])
    #expect(try store.note(note.entry, .reason) == note)
    #expect(try store.node(level: node.level, number: node.number) == node.hash)
    #expect(try store.keyWraps(of: wrap.recipient) == [wrap])
  }

  @Test(arguments: Engine.allCases)
  func `an exchange beats for its owner only, and is there once a token`(engine: Engine) throws {
    let store = try filled(engine, folder)
    #expect(try store.exchange(of: Cast.token.id) == Cast.exchange)
    #expect(try store.beat(of: Cast.token.id, fence: 36, owner: [37]))
    #expect(try !store.beat(of: Cast.token.id, fence: 35, owner: [37]))
    #expect(try !store.beat(of: Cast.token.id, fence: 36, owner: [36]))
    #expect(try store.exchange(of: Cast.token.id)?.beat == 39)
    let next = ExchangeRow(item: Cast.token.id, fence: 37, owner: nil, beat: 0)
    try store.put(next)
    #expect(try store.exchange(of: Cast.token.id) == next)
    #expect(try collect { try store.eachExchange($0) } == [next])
    try store.deleteExchange(of: Cast.token.id)
    #expect(try store.exchange(of: Cast.token.id) == nil)
    var orphan = next
    orphan.item = Cast.id(202)
    expect(.conflict) { try store.put(orphan) }
  }

  @Test(arguments: Engine.allCases)
  func `the counts are of all tables`(engine: Engine) throws {
    let store = try filled(engine, folder)
    #expect(
      try store.counts() == [
        "member": 2, "request": 1, "key_wrap": 2, "item": 2, "revision": 3, "envelope": 4, "metadata_key": 1, "note": 4,
        "log_entry": 3, "log_node": 3, "checkpoint": 2, "exchange": 1,
      ])
    #expect(try store.fileSize() > 4096)
  }

  private func collect<Record>(_ each: ((Record) throws -> Void) throws -> Void) throws -> [Record] {
    var records: [Record] = []
    try each { records.append($0) }
    return records
  }
}
