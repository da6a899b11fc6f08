import CustodyEvidence
import Custody
import CustodyLog
import CustodySystem
import CustodyValues
import Glibc

/// Times operations that visit all items of the vault that `tokens` made: wall time, processor time over all cores, and
/// the process's peak memory so far.
struct WalkBenchmark: ~Copyable {
  let folder: String
  let credential: Credential
  private var path: String { folder + "/benchmark.db" }

  func run() throws {
    guard let bytes = try PlainFile.read(folder + "/member", limit: 100), let member = Identifier(hex: bytes) else {
      throw VaultError(.failed, "no vault was made in \(folder)")
    }
    let holder = try Vault.open(at: path).identity(of: member, by: credential)
    var opened: Session?
    try walk("unlock") {
      opened = try Vault.open(at: path).unlock(as: member, with: holder, pins: PinFolder(path: path + ".state"))
    }
    guard let session = opened.take() else { return }
    try walk("list") { try session.eachToken { _ in } }
    try walk("exposures") { _ = try session.exposures() }
    try walk("lives") { try session.eachTokenLife { _ in } }
    try walk("export") { _ = try session.exportLog(LogFilter(), .jsonl) { _ in } }
    try walk("verify-log") { _ = try session.verifyLog() }
  }

  private func walk(_ name: String, _ body: () throws -> Void) throws {
    let before = cpu
    report(name, try measure(body))
    report(name + "-cpu", cpu - before)
    report(name + "-peak-kib", Double(usage.ru_maxrss))
  }

  private var usage: rusage {
    var usage = rusage()
    _ = unsafe getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return usage
  }

  /// Processor time of this process so far, in microseconds.
  private var cpu: Double {
    let usage = usage
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
  }
}
