import Custody
import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodySystem
import CustodyValues
import CustodyStore
import Dispatch
import Glibc

/// Times a vault of many tokens, each shared once: a machine's first fold, an unlocking, a read, a list and a
/// verification. Each step is its own process, and so has its own peak of memory.
struct ScaleBenchmark {
  let tokens: Int
  let folder: String
  private var path: String { folder + "/benchmark.db" }
  private var state: PinFolder { PinFolder(path: folder + "/state") }
  private static let sample: UInt64 = 100_000

  private var member: Identifier {
    get throws {
      guard let bytes = try PlainFile.read(folder + "/member", limit: 100), let id = Identifier(hex: bytes) else {
        throw VaultError(.failed, "no vault was made in \(folder)")
      }
      return id
    }
  }

  private func name(_ number: Int) -> String { "tenant-\(number)/crm-sync" }

  func make() throws {
    let benchmark = try Benchmark(tokens: tokens, folder: folder, credential: Benchmark.credential())
    let ada = try benchmark.found()
    try benchmark.fill(Vault.open(at: path).unlock(as: ada, by: Benchmark.credential(), pins: .unpinned))
  }

  private func unlocked(_ pins: PinFolder) throws -> Session {
    let member = try member
    let holder = try Vault.open(at: path).identity(of: member, by: Benchmark.credential())
    return try Vault.open(at: path).unlock(as: member, with: holder, pins: pins)
  }

  /// Times the first unlocking on a machine that never opened the vault.
  func fold() throws {
    let member = try member
    let holder = try Vault.open(at: path).identity(of: member, by: Benchmark.credential())
    report("fold", try measure { _ = try Vault.open(at: path).unlock(as: member, with: holder, pins: state) })
    reportPeak("fold")
  }

  /// Times the bare signatures and hashes of the folded entries on as many cores. Of a long log only a sample is timed,
  /// and the result scaled up.
  func floor() throws {
    let session = try unlocked(state)
    var jobs: [(entry: Entry, key: Digest)] = []
    let size = session.logSize
    try session.eachSigned(below: min(size, Self.sample)) { jobs.append(($0, $1)) }
    let count = jobs.count
    let time = Self.check(jobs)
    jobs = []
    report("fold-floor", time * Double(size) / Double(count))
    report("entries", Double(size))
    try rows()
    try unwraps()
  }

  /// Times the bare unwrapping of as many keys as there are items, on as many cores: a verification opens every name.
  private func unwraps() throws {
    let cores = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let pair = try BoxKey.random(in: SecureArena())
    let sealed = try pair.publicKey.wrap(MetadataKey.random(in: SecureArena()))
    let opener = Opener(pair)
    let time = measure {
      DispatchQueue.concurrentPerform(iterations: cores) { core in
        let part = tokens / cores + (core < tokens % cores ? 1 : 0)
        if !opener.opens(sealed, times: part) { print("a key does not unwrap") }
      }
    }
    report("names-floor", time)
  }

  private final class Opener: @unchecked Sendable {
    private let pair: BoxKey

    init(_ pair: consuming BoxKey) { self.pair = pair }

    func opens(_ sealed: [UInt8], times: Int) -> Bool {
      guard let arena = try? SecureArena() else { return false }
      for _ in 0..<times {
        guard let key: MetadataKey = try? pair.unwrap(sealed, in: arena) else { return false }
        _ = consume key
      }
      return true
    }
  }

  private static func check(_ jobs: [(entry: Entry, key: Digest)]) -> Double {
    let cores = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let part = (jobs.count + cores - 1) / cores
    return measure {
      DispatchQueue.concurrentPerform(iterations: cores) { core in
        for job in jobs[min(core * part, jobs.count)..<min((core + 1) * part, jobs.count)] {
          guard Signature.verify(job.entry.signatures[0].signature, job.entry.text, key: job.key) else {
            return print("a signature does not hold")
          }
          _ = SHA256.hash(job.entry.bytes)
        }
      }
    }
  }

  /// Times reading and hashing every row that a verification checks against the log, on one core.
  private func rows() throws {
    let store = try Store.connect(to: path)
    var rows = 0
    func hash(_ blob: [UInt8]?) {
      rows += 1
      if let blob { _ = SHA256.hash(blob) }
    }
    let time = try measure {
      try store.eachEntry { hash($0.sealed) }
      try store.eachNode { _ in rows += 1 }
      try store.eachItem { _ in rows += 1 }
      try store.eachRevision { hash($0.secret) }
      try store.eachEnvelope { hash($0.sealed) }
      try store.eachNote { hash($0.sealed) }
    }
    report("rows-floor", time)
    report("rows", Double(rows))
  }

  /// Times unlocking on a machine whose pin is ten entries behind, without the passphrase's cost.
  func open() throws {
    let member = try member
    let holder = try Vault.open(at: path).identity(of: member, by: Benchmark.credential())
    let before = peak
    let other = PinFolder(path: folder + "/other")
    var times: [Double] = []
    for round in 0..<9 {
      _ = round
      try Vault.open(at: path).unlock(as: member, with: holder, pins: other).declareReveals(
        name(round), how: .pipe, count: 10)
      times.append(try measure { _ = try Vault.open(at: path).unlock(as: member, with: holder, pins: state) })
    }
    report("open-after-ten", times.sorted()[times.count / 2])
    report("open-peak-kib", peak - before)
  }

  func retrieve() throws {
    let session = try unlocked(state)
    let reads = 20_000
    var random = SystemRandomNumberGenerator()
    let names = (0..<reads).map { _ in name(Int.random(in: 0..<tokens, using: &random)) }
    let all = try measure { for name in names { _ = try session.retrieve(name) } }
    report("retrieve", all / Double(reads))
    reportPeak("retrieve")
  }

  func list() throws {
    let session = try unlocked(state)
    report("list", try measure { try session.eachToken { _ in } })
    reportPeak("list")
  }

  func verify() throws {
    let session = try unlocked(state)
    report("verify-log", try measure { _ = try session.verifyLog() })
    reportPeak("verify")
  }

  private func reportPeak(_ name: String) { report("\(name)-peak-kib", peak) }
}

/// Peak resident memory of this process so far, in KiB.
var peak: Double {
  let status = (try? PlainFile.read("/proc/self/status", limit: 1 << 16)).flatMap { $0 } ?? []
  let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM") }
  return line.flatMap { Double($0.filter(\.isNumber)) } ?? 0
}
