import CustodyEvidence
import Custody
import CustodyLog
import CustodySystem
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// A machine's pin tells an old copy, a rewritten history and a power cut apart.
struct PinTests {
  let vault: TemporaryVault
  let machine: PinFolder
  var pinPath: String { "\(machine.path)/\(vaultID).pin" }
  private let vaultID: String

  init() throws {
    vault = try TemporaryVault()
    machine = PinFolder(path: vault.folder + "/state")
    vaultID = try Vault.open(at: vault.path).id.hex
    try vault.furnish()
  }

  private func copyVault(to path: String) throws {
    try RawFile(vault.path).run("PRAGMA wal_checkpoint(TRUNCATE)")
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: vault.path, toPath: path)
  }

  private func restoreVault(from path: String) throws {
    for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: vault.path + end) }
    try FileManager.default.copyItem(atPath: path, toPath: vault.path)
  }

  private func share(_ recipient: String, pins: PinFolder? = nil) throws {
    try vault.session(.ada, pins: pins).commit { try $0.share(.token, "contoso/crm-sync", Share(with: recipient)) }
  }

  @Test func `the pin follows every commit and is durable`() throws {
    let session = try vault.session(.ada, pins: machine)
    let size = session.logSize
    let first = session.pin
    #expect(first?.checkpoint.size == size)
    try session.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    let second = session.pin
    #expect(second?.checkpoint.size == size + 1)
    let stored = try machine.pin(of: session.vaultID)
    #expect(stored == second)
    let bytes = try #require(FileManager.default.contents(atPath: pinPath))
    #expect(Pin(parsing: Array(bytes))?.bytes == Array(bytes))
    #expect(try FileStatus(pinPath).isPrivate)
  }

  @Test func `an old copy can be read and not written to, and both checkpoints are named`() throws {
    let old = vault.folder + "/old.db"
    try copyVault(to: old)
    let size = try vault.session(.ada).logSize
    try share("dev", pins: machine)
    try restoreVault(from: old)

    let session = try vault.session(.ada, pins: machine)
    let found = session.pinConflict
    let conflict = try #require(found)
    #expect(conflict.kind == .older)
    #expect((conflict.found.size, conflict.pin.checkpoint.size) == (size, size + 1))
    let tokens = try session.tokens()
    #expect(tokens.count == 1)
    let error = refusal { try session.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) } }
    #expect(error?.code == .integrity)
    for part in ["\(size) entries", "\(size + 1) entries", "an old copy was put back"] {
      #expect(error?.reason.contains(part) == true)
    }
    #expect(refusal { _ = try session.reveal("contoso/crm-sync", how: .pipe) }?.code == .integrity)
    // Somebody who pinned nothing cannot see it.
    let unseen = try vault.session(.ada).pinConflict
    #expect(unseen == nil)
    let after = try machine.pin(of: session.vaultID)
    #expect(after?.checkpoint.size == size + 1)
  }

  @Test func `a rewritten history is told from an old copy`() throws {
    let old = vault.folder + "/old.db"
    try copyVault(to: old)
    try share("dev", pins: machine)
    try restoreVault(from: old)
    // The same length and more, but other entries: two copies that went on apart.
    try share("bea")
    try share("dev")
    let session = try vault.session(.ada, pins: machine)
    let conflict = session.pinConflict
    #expect(conflict?.kind == .rewritten)
    let error = refusal { try session.commit { try $0.retire(.token, "contoso/crm-sync") } }
    #expect(error?.code == .integrity)
    #expect(error?.reason.contains("is not a beginning of it") == true)
  }

  @Test func `a missing write-ahead log is seen as an old copy`() throws {
    try copyVault(to: vault.folder + "/checkpointed.db")
    try share("dev", pins: machine)
    for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: vault.path + end) }
    try restoreVault(from: vault.folder + "/checkpointed.db")
    let conflict = try vault.session(.dev, pins: machine).pinConflict
    #expect(conflict?.kind == .older)
  }

  @Test func `an admin goes on from an old copy with an entry, and others follow it`() throws {
    let old = vault.folder + "/old.db"
    try copyVault(to: old)
    let devs = PinFolder(path: vault.folder + "/devs-state")
    try share("bea", pins: machine)
    try share("dev", pins: machine)
    _ = try vault.session(.dev, pins: devs)
    try restoreVault(from: old)

    let dev = try vault.session(.dev, pins: devs)
    #expect(refusal { _ = try dev.recover(reason: "I say so") }?.code == .notPermitted)
    let ada = try vault.session(.ada, pins: machine)
    guard case .recorded(let position) = try ada.recover(reason: "the disk died; backup of 09:00") else {
      Issue.record("not recorded")
      return
    }
    let settled = ada.pinConflict
    #expect(settled == nil)
    try ada.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    var recorded: Entry?
    try ada.eachLogLine(LogFilter()) { if $0.position == position { recorded = $0.entry } }
    #expect(recorded?.action == .logRecover)
    #expect(recorded?.number(.lostSize) == position + 2)

    let later = try vault.session(.dev, pins: devs)
    guard case .followed(let recovery) = try later.recover(reason: "as ada says") else {
      Issue.record("not followed")
      return
    }
    #expect((recovery.name, recovery.reason) == ("ada", "the disk died; backup of 09:00"))
    let value = try text(later.reveal("contoso/crm-sync", how: .pipe))
    #expect(value == "refresh-token-1")
    #expect(refusal { _ = try later.recover(reason: "again") }?.code == .usage)
  }

  @Test func `an entry of an earlier recovery does not stand for the next old copy`() throws {
    let first = vault.folder + "/first.db"
    try copyVault(to: first)
    for recipient in ["bea", "dev", "bea", "dev", "bea"] { try share(recipient, pins: machine) }
    try restoreVault(from: first)
    _ = try vault.session(.ada, pins: machine).recover(reason: "the disk died")
    // Time goes by, dev pins what came after, and then someone puts back a copy that has the entry.
    let second = vault.folder + "/second.db"
    try copyVault(to: second)
    vault.clock.advance(days: 1)
    try share("dev")
    let devs = PinFolder(path: vault.folder + "/devs-state")
    _ = try vault.session(.dev, pins: devs)
    try restoreVault(from: second)

    let dev = try vault.session(.dev, pins: devs)
    let conflict = dev.pinConflict
    #expect(conflict?.kind == .older)
    #expect(refusal { _ = try dev.recover(reason: "ada said so") }?.code == .notPermitted)
  }

  @Test func `a pin that cannot be read is told from a conflict and changes nothing`() throws {
    _ = try vault.session(.ada, pins: machine)
    let whole = try #require(FileManager.default.contents(atPath: pinPath))
    for damaged in [Data(), Data(count: whole.count), whole.dropLast(), whole + [0x0a], Data("x".utf8) + whole] {
      try damaged.write(to: URL(fileURLWithPath: pinPath))
      let error = refusal { _ = try vault.session(.ada, pins: machine) }
      #expect(error?.code == .pinUnreadable)
      #expect(FileManager.default.contents(atPath: pinPath) == damaged)
    }
  }

  @Test func `the kept fold is a cache: any change of it changes nothing but time`() throws {
    try vault.session(.ada).commit {
      for _ in 0..<70 { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    }
    _ = try vault.session(.ada, pins: machine)
    let path = "\(machine.path)/\(vaultID).fold"
    let whole = try #require(FileManager.default.contents(atPath: path))
    let size = try vault.session(.ada).logSize
    for place in stride(from: 0, to: whole.count, by: max(1, whole.count / 7)) {
      var changed = whole
      changed[place] ^= 1
      try changed.write(to: URL(fileURLWithPath: path))
      let session = try vault.session(.ada, pins: machine)
      let (conflict, found) = (session.pinConflict, session.logSize)
      #expect(conflict == nil)
      #expect(found == size)
    }
  }

  @Test
  func `a machine that opens a vault for the first time keeps the fold, and then only once there is more to fold`()
    throws
  {
    /// The kept fold with its write-ahead log, which has what was saved since the fold was made.
    func kept() throws -> Data {
      let path = "\(machine.path)/\(vaultID).fold"
      return try #require(FileManager.default.contents(atPath: path))
        + (FileManager.default.contents(atPath: path + "-wal") ?? Data())
    }
    _ = try vault.session(.ada, pins: machine)
    let first = try kept()
    try vault.session(.ada).commit { try $0.append3() }
    _ = try vault.session(.ada, pins: machine)
    #expect(try kept() == first)
    try vault.session(.ada).commit {
      for _ in 0..<6 { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    }
    _ = try vault.session(.ada, pins: machine)
    #expect(try kept() != first)
  }

  @Test func `two machines' processes never move a pin back`() throws {
    let slow = try vault.session(.ada, pins: machine)
    let fast = try vault.session(.bea, pins: machine)
    try fast.commit { try $0.append3() }
    let ahead = try machine.pin(of: slow.vaultID)
    _ = try? slow.tokens()
    let (after, size) = (try machine.pin(of: slow.vaultID), slow.logSize)
    #expect(after == ahead)
    #expect(ahead?.checkpoint.size == size)
  }

  @Test func `who can't remember can read, and writes nothing`() throws {
    // A place where nobody can make a folder, not even root, as on a full or read-only disk.
    let session = try vault.session(.ada, pins: PinFolder(path: "/proc/nowhere"))
    let count = try session.tokens().count
    #expect(count == 1)
    let error = refusal { _ = try session.reveal("contoso/crm-sync", how: .pipe) }
    #expect(error?.reason.contains("cannot remember how far this vault was verified") == true)
    #expect(refusal { _ = try session.verifyLog(.sinceLast) } == nil)
  }

  @Test(.timeLimit(.minutes(60))) func `a pipe in the place of a pin or a kept fold makes nobody wait`() throws {
    _ = try vault.session(.ada, pins: machine)
    for end in ["fold", "pin"] {
      let path = "\(machine.path)/\(vaultID).\(end)"
      try? FileManager.default.removeItem(atPath: path)
      #expect(mkfifo(path, 0o600) == 0)
      let error = refusal { _ = try vault.session(.ada, pins: machine) }
      #expect(error?.code == (end == "pin" ? .pinUnreadable : nil))
      try FileManager.default.removeItem(atPath: path)
    }
  }
}

extension Transaction {
  fileprivate func append3() throws {
    for name in ["one", "two", "three"] {
      try register(ConnectorDetails(name: name, provider: "google", connectorID: "g"), secret: secret("s"))
    }
  }
}
