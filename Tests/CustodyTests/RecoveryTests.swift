import CustodyEvidence
@testable import Custody
import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Going on from a history that is lost: whose word is enough for whom, and whose is not.
struct RecoveryTests {
  let vault: TemporaryVault
  let adas: PinFolder
  let devs: PinFolder
  let beas: PinFolder

  init() throws {
    vault = try TemporaryVault()
    adas = PinFolder(path: vault.folder + "/ada")
    devs = PinFolder(path: vault.folder + "/dev")
    beas = PinFolder(path: vault.folder + "/bea")
    try vault.furnish()
  }

  private func share(_ recipient: String, pins: PinFolder? = nil) throws {
    try vault.session(.ada, pins: pins).commit { try $0.share(.token, "contoso/crm-sync", Share(with: recipient)) }
  }

  private func register(_ name: String, by person: Person, pins: PinFolder? = nil) throws {
    try vault.session(person, pins: pins).commit {
      try $0.register(ConnectorDetails(name: name, provider: "google", connectorID: "g-1"), secret: secret("s"))
    }
  }

  /// An entry that a patched client writes, on a machine that remembers nothing.
  private func forge(_ person: Person, lost size: UInt64, _ root: Digest) throws {
    try vault.session(person).core.forgeRecovery(lost: size, root)
  }

  /// Returns the machine's pin after this person has unlocked the vault there.
  private func pin(_ person: Person, _ pins: PinFolder) throws -> Pin {
    let pin = try vault.session(person, pins: pins).pin
    return try #require(pin)
  }

  private func isRefused(_ person: Person, _ pins: PinFolder) throws -> Bool {
    let session = try vault.session(person, pins: pins)
    let error = refusal { _ = try session.recover(reason: "as was said") }
    let still = try vault.session(person, pins: pins).pinConflict
    return error?.code == .notPermitted && still != nil
  }

  // MARK: attacks

  @Test(arguments: [UInt64.max, 1 << 40, 0])
  func `a removed admin with an old copy makes nobody follow, however far ahead the entry is dated`(size: UInt64) throws
  {
    let old = try vault.copy("old.db")
    try vault.session(.ada, pins: adas).commit { _ = try $0.remove("bea", reason: "left the company") }
    let pin = try pin(.dev, devs)
    try vault.restore(old)
    vault.clock.advance(days: 400)
    // Covers by size alone, or exactly as a removed member who had read the file can.
    try forge(.bea, lost: size > 0 ? size : pin.checkpoint.size, pin.checkpoint.root)
    #expect(try isRefused(.dev, devs))
  }

  @Test func `an admin who is a developer by now is no admin of both histories`() throws {
    let old = try vault.copy("old.db")
    try vault.session(.ada, pins: adas).commit { _ = try $0.setRole(of: "bea", to: .developer) }
    let pin = try pin(.dev, devs)
    try vault.restore(old)
    try forge(.bea, lost: pin.checkpoint.size, pin.checkpoint.root)
    #expect(try isRefused(.dev, devs))
  }

  @Test(arguments: [1, 1 << 30]) func `a lost size that is merely larger covers nothing`(more: UInt64) throws {
    let old = try vault.copy("old.db")
    try share("bea")
    let pin = try pin(.dev, devs)
    try vault.restore(old)
    try forge(.ada, lost: pin.checkpoint.size + more, pin.checkpoint.root)
    #expect(try isRefused(.dev, devs))
    try forge(.ada, lost: pin.checkpoint.size, SHA256.hash([1]))
    #expect(try isRefused(.dev, devs))
  }

  @Test func `an admin by another key than the pinned one is another`() throws {
    let old = try vault.copy("old.db")
    try share("bea")
    let pin = try pin(.dev, devs)
    try vault.restore(old)
    try forge(.ada, lost: pin.checkpoint.size, pin.checkpoint.root)
    let path = devs.pinPath(try Vault.open(at: vault.path).id)
    let ada = try #require(vault.people[.ada])
    let key = try #require(pin.admins.first { $0.id == ada }).signKey
    let text = String(decoding: pin.bytes, as: UTF8.self).replacing(
      Base64.text(key), with: Base64.text(SHA256.hash([])))
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    #expect(try isRefused(.dev, devs))
    try Data(pin.bytes).write(to: URL(fileURLWithPath: path))
    let followed = try follow(.dev, devs)
    #expect(followed == "ada")
  }

  /// Somebody made dev an admin on the copy; the history that dev's machine knows has no such thing.
  @Test func `whom only the copy calls an admin can't go on by an entry of their own`() throws {
    let old = try vault.copy("old.db")
    try share("bea")
    _ = try vault.session(.dev, pins: devs)
    try vault.restore(old)
    try vault.session(.ada).commit { _ = try $0.setRole(of: "dev", to: .admin) }
    #expect(try isRefused(.dev, devs))
  }

  // MARK: stories

  private func follow(_ person: Person, _ pins: PinFolder) throws -> String? {
    let session = try vault.session(person, pins: pins)
    guard case .followed(let recovery) = try session.recover(reason: "") else { return nil }
    let conflict = session.pinConflict
    return conflict == nil ? recovery.name : nil
  }

  private func recoveries() throws -> [Entry] {
    var found: [Entry] = []
    var filter = LogFilter()
    filter.actions = [.logRecover]
    try vault.session(.audrey).eachLogLine(filter) { if $0.entry.outcome == .ok { found.append($0.entry) } }
    return found
  }

  @Test func `a member who was one entry ahead of a restored backup is helped by an admin who was not`() throws {
    _ = try vault.session(.ada, pins: adas)
    let backup = try vault.copy("backup.db")
    try register("mail", by: .bea, pins: beas)
    let pin = try pin(.dev, devs)
    try vault.restore(backup)

    // To dev only an admin decides, and to ada there is nothing to recover from.
    let stuck = try vault.session(.dev, pins: devs)
    let error = refusal { _ = try stuck.recoveryPlan() }
    #expect(error?.code == .notPermitted)
    #expect(error?.hint?.steps == [.recordLastSeen, .recoverCovering])
    let ada = try vault.session(.ada, pins: adas)
    #expect(refusal { _ = try ada.recoveryPlan() }?.code == .usage)

    let note = try #require(try SignedNote(parsing: stuck.pinnedCheckpoint().bytes))
    #expect(refusal { _ = try vault.session(.dev).recoveryPlan(covering: note) }?.code == .notPermitted)
    let plan = try ada.recoveryPlan(covering: note)
    #expect(plan.way == .record)
    #expect((plan.lost.checkpoint, plan.lost.signer, plan.lost.cosigners) == (pin.checkpoint, "bea", ["dev"]))
    #expect(plan.text.joined().contains("signed by bea; verified by dev"))
    #expect(refusal { _ = try ada.recover(by: plan) }?.code == .badInput)
    // The entry before records that dev asked for it.
    let recorded = try ada.recover(by: plan, reason: "the disk died")
    #expect(recorded == .recorded(position: pin.checkpoint.size))
    #expect(refusal { _ = try ada.recoveryPlan(covering: note) }?.code == .usage)

    // Another admin's own machine follows too, and makes no second entry.
    let next = try vault.session(.dev, pins: devs)
    let shown = try next.recoveryPlan()
    guard case .follow(let recovery) = shown.way else { throw VaultError(.failed, "nothing to follow") }
    #expect((recovery.name, recovery.reason) == ("ada", "the disk died"))
    #expect(shown.lost.signer == "bea")
    #expect(shown.text.contains { $0.hasPrefix("ada, an admin of both, went on") })
    #expect(try next.recover(by: shown) == .followed(recovery))
    #expect(try follow(.bea, beas) == "ada")
    #expect(try recoveries().count == 1)
    try register("mail", by: .bea, pins: beas)
    try share("dev")
    let value = try text(vault.session(.dev, pins: devs).reveal("contoso/crm-sync", how: .pipe))
    #expect(value == "refresh-token-1")
  }

  @Test func `one entry covers everyone who was behind its author, at a checkpoint that they had passed`() throws {
    let backup = try vault.copy("backup.db")
    try share("dev")
    _ = try vault.session(.dev, pins: devs)
    for recipient in ["bea", "dev", "bea"] { try share(recipient) }
    let pin = try pin(.ada, adas)
    try vault.restore(backup)
    try share("bea")
    _ = try vault.session(.ada, pins: adas).recover(reason: "the disk died")
    let entry = try #require(try recoveries().first)
    // Checkpoints before the two histories parted are not lost.
    let lost = try #require(LostHeads.parse(entry.raw(.lostEarlier) ?? [], below: pin.checkpoint.size))
    #expect(lost.map(\.size) == (1...3).map { pin.checkpoint.size - 4 + $0 })
    #expect(try follow(.dev, devs) == "ada")
  }

  @Test func `who was ahead of the admin that went on hears how far the entry covers them`() throws {
    let backup = try vault.copy("backup.db")
    try share("dev", pins: adas)
    let size = try vault.session(.ada).logSize
    try register("mail", by: .bea)
    _ = try vault.session(.dev, pins: devs)
    try vault.restore(backup)
    _ = try vault.session(.ada, pins: adas).recover(reason: "the disk died")
    let dev = try vault.session(.dev, pins: devs)
    let error = refusal { _ = try dev.recoveryPlan() }
    #expect(error?.code == .notPermitted)
    #expect(error?.reason.contains("ada did, with log entry \(size - 1), for \(size) of them") == true)
    let note = try dev.pinnedCheckpoint()
    let ada = try vault.session(.ada, pins: adas)
    _ = try ada.recover(by: ada.recoveryPlan(covering: note), reason: "dev had one more")
    #expect(try follow(.dev, devs) == "ada")
  }

  @Test func `a note that is of another log, on this log's line, or signed by nobody in it covers nothing`() throws {
    let ada = try vault.session(.ada, pins: adas)
    let mine = try ada.pinnedCheckpoint()
    #expect(refusal { _ = try ada.recoveryPlan(covering: mine) }?.code == .usage)
    let other = try TemporaryVault(.second)
    let theirs = try other.session(.ada, pins: PinFolder(path: other.folder + "/state")).pinnedCheckpoint()
    #expect(refusal { _ = try ada.recoveryPlan(covering: theirs) }?.code == .badInput)
    let head = Checkpoint(origin: ada.origin, size: 1 << 20, root: SHA256.hash([]))
    for line in mine.signatures {
      #expect(refusal { _ = try ada.recoveryPlan(covering: head.note(signatures: [line])) }?.code == .integrity)
    }
    let words = SignedNote(text: Array("words\n".utf8), signatures: mine.signatures)
    #expect(refusal { _ = try ada.recoveryPlan(covering: words) }?.code == .badInput)
    #expect(try recoveries().isEmpty)
  }

  /// In the history that dev knows, ada left; in the one that is here, bea did.
  @Test func `where no admin of both histories is left, a member types the genesis and goes on alone`() throws {
    let old = try vault.copy("old.db")
    try vault.session(.bea).commit { _ = try $0.remove("ada", reason: "left", orphaning: true) }
    _ = try vault.session(.dev, pins: devs)
    try vault.restore(old)
    try vault.session(.ada).commit { _ = try $0.remove("bea", reason: "left") }
    try share("dev")
    let size = try vault.session(.audrey).logSize
    // No admin of both histories is left, so the recovery that ada recorded does not count.
    let pin = try #require(try devs.pin(of: Vault.open(at: vault.path).id))
    try forge(.ada, lost: pin.checkpoint.size, pin.checkpoint.root)

    let dev = try vault.session(.dev, pins: devs)
    let plan = try dev.recoveryPlan()
    #expect(plan.way == .alone)
    #expect(plan.admins == ["ada"])
    #expect(refusal { _ = try dev.recover(by: plan, reason: "I need it") }?.code == .usage)
    let wrong = SHA256.hash([1])
    #expect(refusal { _ = try dev.recover(by: plan, genesis: wrong) }?.code == .integrity)
    let before = dev.pinConflict
    #expect(before != nil)
    #expect(try dev.recover(by: plan, genesis: vault.genesis) == .alone)
    let after = try vault.session(.dev, pins: devs).pinConflict
    #expect(after == nil)
    #expect(try vault.session(.audrey).logSize == size + 1)
    let value = try text(vault.session(.dev, pins: devs).reveal("contoso/crm-sync", how: .pipe))
    #expect(value == "refresh-token-1")
  }

  // MARK: between the entry and the pin

  @Test func `a recovery that was killed before its pin is finished by the next unlocking, without a second entry`()
    throws
  {
    let old = try vault.copy("old.db")
    try share("dev", pins: adas)
    let path = adas.pinPath(try Vault.open(at: vault.path).id)
    let pin = try #require(FileManager.default.contents(atPath: path))
    try vault.restore(old)
    _ = try vault.session(.ada, pins: adas).recover(reason: "the disk died")
    try pin.write(to: URL(fileURLWithPath: path))
    // Others may have written since.
    try register("mail", by: .bea)

    let ada = try vault.session(.ada, pins: adas)
    let conflict = ada.pinConflict
    #expect(conflict == nil)
    let finished = ada.finishedRecovery
    let own = try #require(finished)
    #expect(own.reason == "the disk died")
    #expect(try ada.recover(reason: "the disk died") == .finished(own))
    #expect(try recoveries().count == 1)
    let vouchers = try ada.verifyLog(.sinceLast).verdicts
    #expect(vouchers.holds && vouchers.contradiction == nil)
    let next = try vault.session(.ada, pins: adas).finishedRecovery
    #expect(next == nil)
  }

  @Test func `another admin's entry moves no pin by itself`() throws {
    let old = try vault.copy("old.db")
    try share("dev", pins: adas)
    _ = try vault.session(.bea, pins: beas)
    try vault.restore(old)
    _ = try vault.session(.bea, pins: beas).recover(reason: "the disk died")
    let ada = try vault.session(.ada, pins: adas)
    let conflict = ada.pinConflict
    #expect(conflict?.recovery?.name == "bea")
    let error = refusal { try ada.commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) } }
    #expect(error?.hint?.description.contains("shows which admin went on") == true)
    #expect(try follow(.ada, adas) == "bea")
  }

  /// The pin can't be written, as on a full disk, while the vault can.
  @Test func `where the pin can't be written the entry stands, and is finished once it can`() throws {
    let old = try vault.copy("old.db")
    let link = vault.folder + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: adas.path)
    try share("dev", pins: adas)
    try vault.restore(old)
    let session = try vault.session(.ada, pins: PinFolder(path: link))
    let plan = try session.recoveryPlan()
    try FileManager.default.removeItem(atPath: link)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/proc/nowhere")
    let error = refusal { _ = try session.recover(by: plan, reason: "the disk died") }
    #expect(error?.reason.contains("records that you went on, but cannot remember how far") == true)
    #expect(try recoveries().count == 1)
    // A second time in the same process makes no second entry either.
    #expect(
      refusal { _ = try session.recover(by: session.recoveryPlan(), reason: "again") }?.reason
        .contains("cannot remember") == true)
    let finished = try vault.session(.ada, pins: adas).finishedRecovery
    #expect(finished != nil)
    #expect(try recoveries().count == 1)
  }

  @Test func `a pin that replaces a lost one never moves back another process's`() throws {
    let id = try Vault.open(at: vault.path).id
    let first = try pin(.ada, adas)
    try share("dev", pins: adas)
    let second = try pin(.ada, adas)
    #expect(try adas.keep(first, of: id, replacing: first) == second)
    #expect(try adas.pin(of: id) == second)
    #expect(try adas.keep(first, of: id, replacing: second) == first)
    #expect(try adas.pin(of: id) == first)
  }
}

extension Core {
  /// Records a recovery with any loss, by anyone, as a patched client can.
  func forgeRecovery(lost size: UInt64, _ root: Digest, reason: String = "trust me") throws {
    try transact(whileInConflict: true) { transaction in
      _ = try transaction.append(.logRecover) { entry in
        entry.set(.lostSize, size)
        entry.set(.lostRoot, root)
        entry.set(.reason, reason)
      }
    }
  }
}

extension TemporaryVault {
  /// The vault's file as it is now, beside it.
  func copy(_ name: String) throws -> String {
    try RawFile(path).run("PRAGMA wal_checkpoint(TRUNCATE)")
    try? FileManager.default.removeItem(atPath: folder + "/" + name)
    try FileManager.default.copyItem(atPath: path, toPath: folder + "/" + name)
    return folder + "/" + name
  }

  /// Someone puts a copy in the vault's place.
  func restore(_ copy: String) throws {
    for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
    try FileManager.default.copyItem(atPath: copy, toPath: path)
  }
}
