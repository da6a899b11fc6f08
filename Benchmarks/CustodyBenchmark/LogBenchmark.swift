import CustodyEvidence
import Custody
import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodySystem
import CustodyValues
import Dispatch
import Glibc

/// Times a long log of few items: an auditor's verification, a member's unlocking, and exports.
struct LogBenchmark {
  let entries: Int
  let folder: String
  private var path: String { folder + "/log.db" }
  private var state: PinFolder { PinFolder(path: folder + "/state") }
  private static let token = "tenant/crm-sync"

  private func passphrase() throws -> SecureBytes {
    try SecureBytes(copying: Array("the benchmark's own four words".utf8))
  }

  /// Makes the log, 1,000 entries per commit, most of them reveals of one token.
  func make() throws {
    var founding = Founding(founder: "ada")
    founding.hardness = .floor
    let ada = try Vault.found(at: path, founding, by: .passphrase(passphrase())).member
    let file = try NewFile(path: folder + "/member")
    try file.write(Array(ada.hex.utf8))
    try file.commit()
    let session = try self.session(ada)
    let secret = try SecureBytes(copying: [UInt8](repeating: 0x73, count: 32))
    try session.commit {
      try $0.register(ConnectorDetails(name: "crm-sync", provider: "kaizala", connectorID: "5f0c1e9a"), secret: secret)
      try $0.store(
        TokenDetails(tenant: "tenant", connector: "crm-sync", provider: "kaizala", reach: .tenant), secret: secret)
    }
    while session.logSize < entries {
      try session.declareReveals(Self.token, how: .pipe, count: min(1000, entries - Int(session.logSize)))
    }
  }

  private var member: Identifier {
    get throws {
      guard let bytes = try PlainFile.read(folder + "/member", limit: 100), let id = Identifier(hex: bytes) else {
        throw VaultError(.failed, "no vault was made in \(folder)")
      }
      return id
    }
  }

  private func session(_ member: Identifier, pins: PinFolder? = nil) throws -> Session {
    try Vault.open(at: path).unlock(as: member, by: .passphrase(passphrase()), pins: pins)
  }

  /// Times a full verification, and the bare signatures and hashes of the same bytes on as many cores.
  func verify() throws {
    let member = try member
    let holder = try Vault.open(at: path).identity(of: member, by: .passphrase(passphrase()))
    let session = try Vault.open(at: path).unlock(as: member, with: holder, pins: state)
    var jobs: [(text: [UInt8], bytes: [UInt8], signature: [UInt8])] = []
    var key: Digest?
    try session.eachLogLine(LogFilter()) { line in
      key = line.actorKey.publicKey
      jobs.append((line.entry.text, line.entry.bytes, line.entry.signatures[0].signature))
    }
    guard let key else { return }
    let bare = measure { Self.check(jobs, key) }
    report("verify-floor", bare)
    jobs = []
    report("verify-log", try measure { _ = try session.verifyLog() })
  }

  private static func check(_ jobs: [(text: [UInt8], bytes: [UInt8], signature: [UInt8])], _ key: Digest) {
    let cores = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let part = (jobs.count + cores - 1) / cores
    DispatchQueue.concurrentPerform(iterations: cores) { core in
      for job in jobs[min(core * part, jobs.count)..<min((core + 1) * part, jobs.count)] {
        guard Signature.verify(job.signature, job.text, key: key) else { return print("a signature does not hold") }
        _ = SHA256.hash(job.bytes)
      }
    }
  }

  /// Times unlocking on a machine whose pin is ten entries behind, without the passphrase's cost.
  func open() throws {
    let member = try member
    let holder = try Vault.open(at: path).identity(of: member, by: .passphrase(passphrase()))
    _ = try Vault.open(at: path).unlock(as: member, with: holder, pins: state)
    let other = PinFolder(path: folder + "/other")
    var times: [Double] = []
    for _ in 0..<9 {
      try Vault.open(at: path).unlock(as: member, with: holder, pins: other).declareReveals(
        Self.token, how: .pipe, count: 10)
      times.append(try measure { _ = try Vault.open(at: path).unlock(as: member, with: holder, pins: state) })
    }
    report("open-after-ten", times.sorted()[times.count / 2])
  }

  /// Writes the HTML report, for a browser to open.
  func html() throws {
    let session = try self.session(member, pins: state)
    let file = try NewFile(path: folder + "/report.html")
    _ = try session.exportLog(LogFilter(), .html) { try file.write($0) }
    try file.commit()
  }

  /// Times exports, and reports the peak resident memory of this process, which does nothing else, in KiB.
  func export() throws {
    let session = try self.session(member, pins: state)
    for format in [LogFormat.csv, .jsonl] {
      var bytes = 0
      let time = try measure { _ = try session.exportLog(LogFilter(), format) { bytes += $0.count } }
      report("export-\(format.rawValue)", time / Double(entries))
    }
    let status = try PlainFile.read("/proc/self/status", limit: 1 << 16) ?? []
    for line in String(decoding: status, as: UTF8.self).split(separator: "\n") where line.hasPrefix("VmHWM:") {
      report("export-peak-kib", Double(line.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]) ?? 0)
    }
  }
}
