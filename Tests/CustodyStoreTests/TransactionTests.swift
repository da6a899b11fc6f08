import CustodySystem
import CustodyValues
import CustodyStore
import Foundation
import Testing

@Suite struct TransactionTests {
  struct Stopped: Error {}
  let folder: Folder
  init() throws { folder = try Folder() }

  @Test(arguments: Engine.allCases)
  func `a write that fails leaves nothing`(engine: Engine) throws {
    let store = try engine.create(folder.vault)
    #expect(throws: Stopped.self) {
      try store.write {
        try store.insert(Cast.founder)
        throw Stopped()
      }
    }
    expect(.conflict) {
      try store.write {
        try store.insert(Cast.founder)
        try store.insert(Cast.founder)
      }
    }
    #expect(try store.members().isEmpty)
    try store.write { try store.insert(Cast.founder) }
    #expect(try store.members() == [Cast.founder])
  }

  @Test(arguments: Engine.allCases)
  func `a transaction in a transaction is refused, and the outer one goes on`(engine: Engine) throws {
    let store = try engine.create(folder.vault)
    try store.write {
      #expect(throws: StoreError.self) { try store.read {} }
      try store.insert(Cast.founder)
    }
    #expect(try store.members() == [Cast.founder])
  }

  @Test(arguments: Engine.allCases)
  func `a second writer is told to wait, and comes in when the first is done`(engine: Engine) throws {
    let one = try engine.create(folder.vault)
    let two = try engine.open(folder.vault, busyTimeout: 50)
    try one.write {
      try one.insert(Cast.founder)
      expect(.locked) { try two.write {} }
      #expect(try two.members().isEmpty)
    }
    try two.write { try two.insert(Cast.member) }
    #expect(try one.members().count == 2)
  }

  @Test(arguments: Engine.allCases)
  func `a read sees one moment`(engine: Engine) throws {
    let one = try engine.create(folder.vault)
    let two = try engine.open(folder.vault)
    try two.read {
      #expect(try two.members().isEmpty)
      try one.write { try one.insert(Cast.founder) }
      #expect(try two.members().isEmpty)
    }
    #expect(try two.members().count == 1)
  }

  @Test(arguments: Engine.allCases)
  func `a stream can be stopped, and a query can run inside itself`(engine: Engine) throws {
    let store = try filled(engine, folder)
    #expect(throws: Stopped.self) { try store.eachEntry { _ in throw Stopped() } }
    var pairs = 0
    try store.eachEntry { outer in try store.eachEntry { inner in pairs += inner.position == outer.position ? 1 : 0 } }
    #expect(pairs == 3)
    try store.write { try store.insert(EntryRow(position: 3, epoch: 1, sealed: [])) }
    #expect(try store.entry(3)?.sealed == [])
  }

  @Test(arguments: Engine.allCases)
  func `a stream's body can look up and insert, and where it throws both are free for the next`(engine: Engine) throws {
    let store = try filled(engine, folder)
    var found: [EntryRow] = []
    try store.write {
      try store.eachListed(.token, recipient: Cast.member.id) { listed in
        if let entry = try store.entry(2) { found.append(entry) }
        try store.put(NoteRow(entry: 20, kind: .reason, item: listed.item.id, generation: 3, sealed: [1]))
      }
    }
    #expect(found == [Cast.entries[2]])
    #expect(try store.note(20, .reason)?.item == Cast.token.id)
    expect(.conflict) {
      try store.write { try store.eachEntry { try store.insert($0) } }
    }
    var positions: [UInt64] = []
    try store.eachEntry { positions.append($0.position) }
    #expect(positions == [0, 1, 2])
    try store.write {
      try store.put(NoteRow(entry: 21, kind: .expiry, item: Cast.token.id, generation: 3, sealed: [2]))
    }
    #expect(try store.note(21, .expiry) != nil)
  }

  @Test func `a full database leaves the old rows and takes new ones when there is room`() throws {
    try filled(.sqlite, folder).close()
    let database = try SQLiteDatabase.connect(to: folder.vault, options: SQLiteOptions())
    let store = Store(database)
    try database.execute(script: Array("PRAGMA max_page_count = 60".utf8))
    expect(.full) { try fillUp(store) }
    #expect(try store.entryCount() == 3)
    try store.write { try store.insert(EntryRow(position: 3, epoch: 1, sealed: [1])) }
    #expect(try store.entryCount() == 4)
  }

  @Test(.enabled("needs the right to mount", { canMount }))
  func `a full disk leaves the old rows`() throws {
    #expect(try run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder.path) == 0)
    defer { _ = try? run("umount", folder.path) }
    let store = try filled(.sqlite, folder)
    defer { store.close() }
    expect(.full) { try fillUp(store) }
    #expect(try store.entryCount() == 3)
    #expect(try store.vault() == Cast.vault)
  }

  @Test(.enabled("needs the right to mount", { canMount }))
  func `a disk too small for a vault is left as it was`() throws {
    #expect(try run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.path) == 0)
    defer { _ = try? run("umount", folder.path) }
    expect(.full) { _ = try Store.create(at: folder.vault) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  private func fillUp(_ store: Store) throws {
    try store.write {
      for position in UInt64(3)..<400 {
        try store.insert(EntryRow(position: position, epoch: 1, sealed: [UInt8](repeating: 7, count: 4096)))
      }
    }
  }

  @Test func `a writer that is killed leaves the old rows`() throws {
    let store = try filled(.sqlite, folder)
    let log = folder.vault + "-wal"
    let before = try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int ?? 0
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // A cache of a few pages makes it spill into the log before it commits.
    let script = """
      import sqlite3, sys, time
      c = sqlite3.connect(sys.argv[1], isolation_level=None)
      c.execute("PRAGMA cache_size = 5")
      c.execute("BEGIN IMMEDIATE")
      for i in range(3, 300): c.execute("INSERT INTO log_entry VALUES (?, 1, zeroblob(4000))", (i,))
      print("ready", flush=True)
      time.sleep(60)
      """
    process.arguments = ["python3", "-c", script, folder.vault]
    process.standardOutput = output
    try process.run()
    let ready = output.fileHandleForReading.readData(ofLength: 5)
    try #require(ready == Data("ready".utf8), "needs python3 with sqlite3")
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    let after = try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int ?? 0
    #expect(after > before + 100_000)
    #expect(try store.entryCount() == 3)
    store.close()
    let again = try Store.connect(to: folder.vault)
    #expect(try again.entryCount() == 3)
    try again.write { try again.insert(EntryRow(position: 3, epoch: 1, sealed: [1])) }
    try Cast.readAll(again)
  }
}
