import Custody
import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodySystem
import CustodyValues
import CustodyTesting
import Foundation
import Glibc
import Synchronization
import Testing

@testable import CustodyAgent

/// An agent that answers what the test says, to one caller after the other.
private final class FalseAgent: Sendable {
  let place: SocketPlace
  private let folder: String

  convenience init(_ answers: (@Sendable (SocketConnection) throws -> Void)...) throws { try self.init(answers) }

  convenience init(count: Int, _ answer: @escaping @Sendable (SocketConnection) throws -> Void) throws {
    try self.init(Array(repeating: answer, count: count))
  }

  private init(_ answers: [@Sendable (SocketConnection) throws -> Void]) throws {
    signal(SIGPIPE, SIG_IGN)
    folder = try TemporaryVault.makeFolder()
    place = try SocketPlace(runtime: folder)
    try place.makeFolder()
    let listener = try SocketListener.make(at: place.path)
    let (box, path) = (Box(listener), place.path)
    Thread.detachNewThread {
      _ = path
      for answer in answers {
        while SocketPoll.ready([box.listener.descriptor], until: Uptime.now + .seconds(5)).isEmpty {}
        if let caller = box.listener.accept() { try? answer(caller) }
      }
    }
  }

  private final class Box: @unchecked Sendable {
    let listener: SocketListener
    init(_ listener: SocketListener) { self.listener = listener }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}

@Suite(.waiting) struct HostileAgentTests {
  private static let name = IdentityName(
    vault: .none, genesis: Digest([UInt8](repeating: 1, count: 32)) ?? Digest { _ in }, member: .none)

  private func raw(_ bytes: [UInt8], _ caller: SocketConnection) throws {
    _ = try caller.receive(until: Uptime.now + .seconds(20))
    try Output.write(bytes, to: caller.descriptor)
  }

  private func outcome(_ answer: [UInt8]) throws -> AgentError? {
    let agent = try FalseAgent { try self.raw(answer, $0) }
    do {
      _ = try AgentClient(at: agent.place).status()
      return nil
    } catch { return error }
  }

  @Test func `an agent of another version is told as one`() throws {
    #expect(try outcome([0, 0, 0, 2, 9, 0x80]) == .otherVersion(9))
  }

  @Test(
    arguments: [
      [0, 0, 0, 1, Frame.version, 0x80], [255, 255, 255, 255, Frame.version, 0x80], [0, 0, 0, 2, Frame.version, 0x7f],
      [0, 0, 0, 2, Frame.version, 0x81],
      [0, 0, 0, 6, Frame.version, 0x80, 0, 0, 0, 9], [0, 0, 0, 3, Frame.version, 0x80, 0],
      [0, 0, 0, 2, Frame.version, 0x82],
    ] as [[UInt8]])
  func `an answer that is no message is refused`(answer: [UInt8]) throws {
    #expect(try outcome(answer) == .malformed)
  }

  @Test func `an agent that ends before it answered is no agent`() throws {
    #expect(try outcome([0, 0, 0]) == .closed)
  }

  /// A living one that was replaced would keep its keys, and no `lock` would reach it.
  @Test func `an agent that closed a connection is asked again, and not replaced`() throws {
    let vault = try TemporaryVault()
    let passphrase = try SecureBytes(copying: Array(Person.ada.passphrase.utf8))
    let identity = try UnlockedIdentity(
      of: try #require(vault.people[.ada]), in: Vault.open(at: vault.path), by: .passphrase(passphrase))
    let agent = try FalseAgent(
      { _ = try $0.receive(until: Uptime.now + .seconds(20)) },
      { caller in
        _ = try caller.receive(until: Uptime.now + .seconds(20))
        try caller.send(FieldWriter().frame(0x80), until: Uptime.now + .seconds(10))
        _ = try caller.receive(until: Uptime.now + .seconds(20))
        var isLocked = try FieldWriter()
        try isLocked.add(UInt64(1))
        try caller.send(isLocked.frame(0x80), until: Uptime.now + .seconds(10))
      })
    let before = try FileManager.default.attributesOfItem(atPath: agent.place.path)[.systemFileNumber] as? Int
    let terms = HoldingTerms(
      label: "ada", path: vault.path, life: TimeSpan(seconds: 60), idle: TimeSpan(seconds: 60), confirms: false)
    #expect(try AgentStart.hold(identity, terms, at: agent.place))
    let after = try FileManager.default.attributesOfItem(atPath: agent.place.path)[.systemFileNumber] as? Int
    #expect(before != nil && before == after)
  }

  @Test func `nobody waits longer than two seconds for an agent that drips`() throws {
    let agent = try FalseAgent { caller in
      for byte in [0, 0, 0, 2, 1] as [UInt8] {
        try Output.write([byte], to: caller.descriptor)
        usleep(600_000)
      }
      usleep(60_000_000)
    }
    let start = Uptime.now
    #expect(throws: AgentError.timedOut) { try AgentClient(at: agent.place).status() }
    #expect(start.milliseconds(until: Uptime.now) < 25_000)
  }

  @Test func `nobody waits longer for one that closes late each time`() throws {
    let late: @Sendable (SocketConnection) throws -> Void = { _ in usleep(700_000) }
    let agent = try FalseAgent(count: 60, late)
    let vault = try TemporaryVault()
    let passphrase = try SecureBytes(copying: Array(Person.ada.passphrase.utf8))
    let identity = try UnlockedIdentity(
      of: try #require(vault.people[.ada]), in: Vault.open(at: vault.path), by: .passphrase(passphrase))
    let terms = HoldingTerms(
      label: "ada", path: vault.path, life: TimeSpan(seconds: 60), idle: TimeSpan(seconds: 60), confirms: false)
    let start = Uptime.now
    #expect(throws: AgentError.self) { try AgentStart.hold(identity, terms, at: agent.place) }
    #expect(start.milliseconds(until: Uptime.now) < 25_000)
  }

  @Test func `a signature that does not hold never reaches the log`() throws {
    let agent = try FalseAgent { caller in
      _ = try caller.receive(until: Uptime.now + .seconds(20))
      var keys = try FieldWriter()
      for _ in 0..<4 { try keys.add([UInt8](repeating: 7, count: 32)) }
      try caller.send(keys.frame(0x80), until: Uptime.now + .seconds(10))
      _ = try caller.receive(until: Uptime.now + .seconds(20))
      var signature = try FieldWriter()
      try signature.add([UInt8](repeating: 0, count: 64))
      try caller.send(signature.frame(0x80), until: Uptime.now + .seconds(10))
      usleep(200_000)
    }
    let holder = try AgentClient(at: agent.place).open(Self.name, path: "/v", for: "test")
    #expect(throws: VaultError(agent: .lied)) { try holder.signEntry([1, 2, 3]) }
  }

  @Test func `keys that came with the identity are used once, and one that did not open is asked for again`() throws {
    let asked = Mutex<[[UInt8]]>([])
    let answer: @Sendable ([[UInt8]], SocketConnection) throws -> Void = { fields, caller in
      var reply = try FieldWriter()
      for field in fields { try reply.add(field) }
      try caller.send(reply.frame(0x80), until: Uptime.now + .seconds(10))
    }
    let agent = try FalseAgent { caller in
      _ = try caller.receive(until: Uptime.now + .seconds(20))
      let keys = (0..<4).map { _ in [UInt8](repeating: 7, count: 32) }
      try answer(keys + [[UInt8](repeating: 1, count: 32), []], caller)
      for _ in 0..<2 {
        var question = FieldReader(try caller.receive(until: Uptime.now + .seconds(20)))
        let sealed = try question.bytes()
        asked.withLock { $0.append(sealed) }
        try answer([[UInt8](repeating: 2, count: 32)], caller)
      }
      usleep(200_000)
    }
    let holder = try AgentClient(at: agent.place).open(Self.name, path: "/v", for: "test", unwrapping: [[10], [11]])
    let arena = try SecureArena()
    for (sealed, byte) in [([10], 1), ([11], 2), ([10], 2)] as [([UInt8], UInt8)] {
      let key: DataKey = try holder.unwrap(sealed, in: arena)
      let isThat = try key.copy().allSatisfy { $0 == byte }
      #expect(isThat, "\(sealed)")
    }
    #expect(asked.withLock { $0 } == [[11], [10]])
  }

  @Test func `what we did not make is not talked to`() throws {
    let folder = try TemporaryVault.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let place = try SocketPlace(runtime: folder)
    #expect(throws: AgentError.absent) { try AgentClient(at: place) }
    try place.makeFolder()
    #expect(FileManager.default.createFile(atPath: place.path, contents: Data()))
    #expect(throws: AgentError.foreign(path: place.path)) { try AgentClient(at: place) }
    #expect(throws: AgentError.foreign(path: place.path)) { try place.removeDead() }
    #expect(chmod(folder, 0o755) == 0)
    #expect(throws: AgentError.foreign(path: folder)) { try SocketPlace(runtime: folder) }
    #expect(throws: AgentError.noRuntimeFolder) { try SocketPlace(runtime: folder + "/none") }
  }

  /// Holds with any umask, and without changing it, because other threads make files meanwhile.
  @Test func `the socket is its user's alone from its first moment`() throws {
    let folder = try TemporaryVault.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let place = try SocketPlace(runtime: folder)
    try place.makeFolder()
    let listener = try SocketListener.make(at: place.path)
    #expect(try FileStatus(place.path).mode == 0o600)
    withExtendedLifetime(listener) {}
  }

  @Test(.enabled(if: geteuid() == 0, "giving a socket to another user takes root"))
  func `a socket of another user is not talked to, nor taken away`() throws {
    let folder = try TemporaryVault.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let place = try SocketPlace(runtime: folder)
    try place.makeFolder()
    let listener = try SocketListener.make(at: place.path)
    #expect(chown(place.path, 65534, 65534) == 0)
    #expect(throws: AgentError.foreign(path: place.path)) { try AgentClient(at: place) }
    #expect(throws: AgentError.foreign(path: place.path)) { try place.removeDead() }
    #expect(FileManager.default.fileExists(atPath: place.path))
    withExtendedLifetime(listener) {}
  }

  /// A file system that has no room for the lock, the socket or their folder.
  @Test(.enabled(if: canMount, "mounting a file system takes root and the right to"))
  func `a full runtime folder is said, and no agent is left behind`() throws {
    let folder = try TemporaryVault.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(mount("tmpfs", folder, "tmpfs", 0, "size=4096,nr_inodes=1,mode=0700") == 0)
    defer { umount(folder) }
    let vault = try TemporaryVault()
    let file = vault.folder + "/passphrase"
    try Data(Person.ada.passphrase.utf8).write(to: URL(fileURLWithPath: file))
    let id = try #require(vault.people[.ada]).hex
    let words = [
      "XDG_RUNTIME_DIR=\(folder)", "HOME=\(vault.folder)", Products.folder + "/custody", "unlock", "--vault",
      vault.path,
    ]
    let done = try Products.run("/usr/bin/env", words + ["--as", id, "--passphrase-file", file])
    #expect(done.status == 1, "\(done.output)")
    #expect(done.output.contains("no space left on device"), "\(done.output)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  private static let canMount: Bool = {
    guard geteuid() == 0, let folder = try? TemporaryVault.makeFolder() else { return false }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    guard mount("tmpfs", folder, "tmpfs", 0, "size=4096") == 0 else { return false }
    return umount(folder) == 0
  }()
}
