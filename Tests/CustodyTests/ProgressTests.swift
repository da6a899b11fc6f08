import CustodyEvidence
import CustodySystem
import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Synchronization
import Testing

/// Progress of long work starts at nothing, ends at all of it, and never promises more than there is.
struct ProgressTests {
  final class Told: Sendable {
    private let reports = Mutex<[(done: UInt64, total: UInt64)]>([])
    var report: ProgressReport { { done, total in self.reports.withLock { $0.append((done, total)) } } }

    /// In whatever order: parts are counted on several threads.
    func endsWhole(_ what: Comment, atLeast least: UInt64 = 1) {
      let told = reports.withLock { $0 }
      let total = told.last?.total ?? 0
      #expect(total >= least, what)
      #expect(told.map(\.done).max() == total, what)
      #expect(told.allSatisfy { $0.total == total && $0.done <= total }, what)
    }
  }

  /// Enough tokens that names are read on several threads.
  private func vault() throws -> TemporaryVault {
    let vault = try TemporaryVault()
    try vault.furnish()
    let session = try vault.session(.ada)
    try session.commit { transaction in
      for number in 0..<150 {
        try transaction.store(
          TokenDetails(tenant: "t\(number)", connector: "crm-sync", provider: "kaizala", reach: .user),
          secret: secret("refresh-\(number)"))
      }
    }
    return vault
  }

  @Test func `whatever reports how far it is ends at all of it`() throws {
    let vault = try vault()
    let unlocking = Told()
    let ada = try Vault.open(at: vault.path).unlock(
      as: vault.people[.ada] ?? .none, by: .passphrase(secret(Person.ada.passphrase)), pins: .unpinned,
      progress: unlocking.report)
    unlocking.endsWhole("unlocking", atLeast: ada.logSize)
    let (names, grants, lives, reveals) = (Told(), Told(), Told(), Told())
    _ = try ada.tokens(progress: names.report)
    names.endsWhole("tokens", atLeast: 151)
    _ = try ada.exposures(progress: grants.report)
    grants.endsWhole("exposures", atLeast: 152)
    _ = try ada.tokenLives(progress: lives.report)
    lives.endsWhole("lives", atLeast: 151)
    _ = try ada.reveal((0..<70).map { (.token, "t\($0)/crm-sync") }, how: .pipe, progress: reveals.report)
    reveals.endsWhole("reveals", atLeast: 70)

    let (verified, everything, lines, exported, bundled) = (Told(), Told(), Told(), Told(), Told())
    _ = try ada.verifyLog(progress: verified.report)
    verified.endsWhole("log verify", atLeast: 227)
    _ = try ada.verifyEverything(progress: everything.report)
    everything.endsWhole("verify", atLeast: 227)
    try ada.eachLogLine(LogFilter(), progress: lines.report) { _ in }
    lines.endsWhole("log show", atLeast: 228)
    _ = try ada.exportLog(LogFilter(), .csv, progress: exported.report) { _ in }
    exported.endsWhole("export", atLeast: 456)
    _ = try ada.exportBundle(LogFilter(), to: vault.folder + "/evidence", progress: bundled.report)
    bundled.endsWhole("bundle", atLeast: 456)
    let outside = Told()
    _ = try Evidence.verify(at: vault.folder + "/evidence", progress: outside.report)
    outside.endsWhole("evidence", atLeast: 229)
  }

  @Test func `a developer's reading ends at all of it as well`() throws {
    let vault = try vault()
    let dev = try vault.session(.dev)
    let (lines, exported) = (Told(), Told())
    try dev.eachLogLine(LogFilter(), progress: lines.report) { _ in }
    lines.endsWhole("log show", atLeast: 156)
    let connectors = Told()
    #expect(try dev.connectors(progress: connectors.report).count == 1)
    connectors.endsWhole("connectors")
    _ = try dev.exportLog(LogFilter(), .csv, progress: exported.report) { _ in }
    exported.endsWhole("export", atLeast: 312)
  }
}
