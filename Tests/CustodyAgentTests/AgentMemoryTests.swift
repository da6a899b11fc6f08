import CSodium
import Custody
import CustodyCrypto
import CustodySecrets
import CustodyValues
import CustodyTesting
import Foundation
import Glibc
import Testing

@Suite(.serialized, .waiting) struct AgentMemoryTests {
  /// Counts the occurrences of some bytes in the process's memory. Guard pages and the kernel's own mappings are not
  /// read.
  private func count(_ pattern: [UInt8], in process: Int32) throws -> Int {
    let maps = try whole("/proc/\(process)/maps")
    let memory = open("/proc/\(process)/mem", O_RDONLY | O_CLOEXEC)
    try #require(memory >= 0, "cannot read the agent's memory")
    defer { close(memory) }
    var found = 0
    for line in maps.split(separator: "\n") {
      let words = line.split(separator: " ", omittingEmptySubsequences: true)
      let ends = words[0].split(separator: "-").compactMap { UInt64(String($0), radix: 16) }
      guard words[1].hasPrefix("rw"), ends.count == 2 else { continue }
      var bytes = [UInt8](repeating: 0, count: Int(ends[1] - ends[0]))
      let got = pread(memory, &bytes, bytes.count, off_t(truncatingIfNeeded: ends[0]))
      guard got > 0 else { continue }
      found += times(pattern, in: bytes[..<got])
    }
    return found
  }

  /// Foundation takes the first 4 KiB of a file of /proc for all of it.
  private func whole(_ path: String) throws -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    try #require(file >= 0, "cannot read \(path)")
    defer { close(file) }
    var (all, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 65536))
    while case let got = read(file, &chunk, chunk.count), got > 0 { all += chunk[..<got] }
    return String(decoding: all, as: UTF8.self)
  }

  private func times(_ pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int {
    let (data, wanted) = (Data(bytes), Data(pattern))
    var (found, place) = (0, data.startIndex)
    while let hit = data.range(of: wanted, in: place..<data.endIndex) {
      found += 1
      place = hit.lowerBound + 1
    }
    return found
  }

  private struct Secrets {
    let seed: [UInt8]
    /// The private half of the member's entry key.
    let key: [UInt8]
  }

  private func secrets(of person: Person, in temporary: TemporaryVault) throws -> Secrets {
    let phrase = try SecureBytes(copying: Array(person.passphrase.utf8))
    let id = try #require(temporary.people[person])
    let arena = try SecureArena()
    let copied = try Vault.open(at: temporary.path).seed(of: id, by: .passphrase(phrase.copy()), in: arena).copy()
    let seed = (0..<copied.count).compactMap { copied.byte(at: $0) }
    var key = [UInt8](repeating: 0, count: 32)
    crypto_kdf_derive_from_key(&key, 32, 2, "CUSTODY1", seed)
    return Secrets(seed: seed, key: key)
  }

  private func custody(_ words: [String], _ home: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Products.folder + "/custody")
    process.arguments = words
    process.environment = ["HOME": home, "XDG_RUNTIME_DIR": home]
    let pipe = Pipe()
    (process.standardOutput, process.standardError) = (pipe, FileHandle.nullDevice)
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  private func unlock(_ person: Person, _ vault: TemporaryVault) throws {
    let file = vault.folder + "/" + person.rawValue
    try Data(person.passphrase.utf8).write(to: URL(fileURLWithPath: file))
    let id = try #require(vault.people[person]).hex
    let words = ["unlock", "--vault", vault.path, "--as", id, "--passphrase-file", file]
    #expect(try custody(words, vault.folder).status == 0)
  }

  @Test(.enabled(if: geteuid() == 0, "reading another process's memory takes root"))
  func `a locked identity leaves nothing of its keys in the agent's memory`() throws {
    let vault = try TemporaryVault()
    defer { _ = try? custody(["lock", "--all"], vault.folder) }
    let (ada, dev) = (try secrets(of: .ada, in: vault), try secrets(of: .dev, in: vault))
    try unlock(.ada, vault)
    try unlock(.dev, vault)
    let status = try custody(["status", "--vault", vault.path], vault.folder).output
    let match = try #require(status.firstMatch(of: /process (\d+)/))
    let process = try #require(Int32(match.1))

    #expect(try count(ada.key, in: process) == 1)
    #expect(try count(dev.key, in: process) == 1)
    for seed in [ada.seed, dev.seed] { #expect(try count(seed, in: process) == 0) }
    for person in [Person.ada, .dev] { #expect(try count(Array(person.passphrase.utf8), in: process) == 0) }

    let id = try #require(vault.people[.ada]).hex
    #expect(try custody(["lock", "--vault", vault.path, "--as", id], vault.folder).status == 0)
    #expect(try count(ada.key, in: process) == 0)
    #expect(try count(dev.key, in: process) == 1)
  }

  /// One whose output nobody reads: it has unlocked, opened every name and is all but done.
  @Test(.enabled(if: geteuid() == 0, "reading another process's memory takes root"))
  func `a command that waits after its work has no passphrase, seed or value in its memory`() throws {
    let vault = try TemporaryVault()
    let secret = "con-s3cret-which-nobody-else-has"
    try vault.furnish(connectorSecret: secret)
    let file = vault.folder + "/passphrase"
    #expect(mkfifo(file, 0o600) == 0)
    let seed = try secrets(of: .ada, in: vault).seed
    let id = try #require(vault.people[.ada]).hex
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Products.folder + "/custody")
    process.arguments = [
      "token", "list", "--vault", vault.path, "--as", id, "--passphrase-file", file, "--format", "jsonl",
    ]
    process.environment = ["HOME": vault.folder]
    let pipe = Pipe()
    process.standardOutput = pipe
    // A pipe that is full: the command waits with its last line in hand, long after it unlocked.
    let end = pipe.fileHandleForWriting.fileDescriptor
    _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
    let filler = [UInt8](repeating: 0x2e, count: 4096)
    while write(end, filler, filler.count) > 0 {}
    _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) & ~O_NONBLOCK)
    try process.run()
    defer { process.terminate() }
    let deadline = Date().addingTimeInterval(600)
    func isWriting() -> Bool {
      let call = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/syscall", encoding: .utf8)) ?? ""
      return call.hasPrefix("1 0x1 ")
    }
    // It has read the passphrase and waits for the end of it: there the look must find it.
    let typed = open(file, O_WRONLY | O_CLOEXEC)
    #expect(write(typed, Person.ada.passphrase, Person.ada.passphrase.utf8.count) > 0)
    let phrase = Array(Person.ada.passphrase.utf8)
    var sawPassphrase = false
    while !sawPassphrase, Date() < deadline { sawPassphrase = try count(phrase, in: process.processIdentifier) > 0 }
    close(typed)
    #expect(sawPassphrase, "the look is blind")
    while !isWriting(), Date() < deadline { usleep(10_000) }
    #expect(isWriting(), "it did not come to its output")
    #expect(try count(phrase, in: process.processIdentifier) == 0)
    #expect(try count(seed, in: process.processIdentifier) == 0)
    #expect(try count(Array(secret.utf8), in: process.processIdentifier) == 0)
  }

  @Test func `the agent keeps little memory`() throws {
    let vault = try TemporaryVault()
    defer { _ = try? custody(["lock", "--all"], vault.folder) }
    try unlock(.ada, vault)
    let status = try custody(["status", "--vault", vault.path], vault.folder).output
    let process = try #require(status.firstMatch(of: /process (\d+)/)).1
    let lines = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let match = try #require(lines.firstMatch(of: /RssAnon:\s+(\d+) kB/))
    let own = try #require(Int(match.1))
    // A debug build maps more of its own file than the 16 MiB that the release may have in all; what it allocates is this.
    #expect(own < 8 << 10)
    #expect(lines.contains(/VmLck:\s+[1-9]/))
  }
}
