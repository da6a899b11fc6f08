import CustodyEvidence
import Custody
import CustodyLog
import CustodySecrets
import CustodySystem
import CustodyValues

/// Times the library's work under the names and counts of Benchmarks/Floor/limit.c, so that one can be divided by the
/// other. Prints one line `NAME MICROSECONDS` per measurement; `scripts/bench` runs both in turn and prints the ratios.
@main
struct Benchmark: ~Copyable {
  let tokens: Int
  let folder: String
  private var path: String { folder + "/benchmark.db" }
  let credential: Credential

  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let count = Int(arguments[2]),
      let command = try commands(count, arguments[3]).first(where: { $0.name == arguments[1] })
    else {
      let names = try commands(0, "").map(\.name).joined(separator: "|")
      return try Output.write("usage: custody-benchmark \(names) COUNT FOLDER\n", to: 2)
    }
    try command.run()
  }

  static func credential() throws -> Credential {
    .passphrase(try SecureBytes(copying: Array("the benchmark's own four words".utf8)))
  }

  private static func commands(_ count: Int, _ folder: String) throws -> [(name: String, run: () throws -> Void)] {
    let log = LogBenchmark(entries: count, folder: folder)
    let fold = FoldBenchmark(count: count, folder: folder)
    let scale = ScaleBenchmark(tokens: count, folder: folder)
    let exchange = ExchangeSoak(folder: folder)
    return [
      ("tokens", { try Benchmark(tokens: count, folder: folder, credential: credential()).run() }),
      ("walk", { try WalkBenchmark(folder: folder, credential: credential()).run() }),
      ("log", log.make), ("verify", log.verify), ("open", log.open), ("html", log.html), ("export", log.export),
      ("kept", { try ExchangeBenchmark(folder: folder).run(count) }),
      ("fold-make", fold.make), ("fold-open", fold.open), ("fold-soak", fold.soak), ("fold-check", fold.check),
      ("scale-make", scale.make), ("scale-fold", scale.fold), ("scale-floor", scale.floor),
      ("scale-open", scale.open), ("scale-retrieve", scale.retrieve), ("scale-list", scale.list),
      ("scale-verify", scale.verify),
      ("soak-found", exchange.found), ("soak", exchange.work),
    ]
  }

  func run() throws {
    let member = try found()
    let session = try Vault.open(at: path).unlock(as: member, by: credential, pins: .unpinned)
    try fill(session)
    try retrieve(session)
    session.lock()
    try reopen(as: member)
    let size = try Vault.open(at: path).fileSize()
    report("file-bytes", Double(size) / Double(tokens))
  }

  /// Founds a vault with an admin and a developer, with whom each token is to be shared.
  func found() throws -> Identifier {
    var founding = Founding(founder: "ada")
    founding.hardness = .floor
    let ada = try Vault.found(at: path, founding, by: credential).member
    let file = try NewFile(path: folder + "/member")
    try file.write(Array(ada.hex.utf8))
    try file.commit()
    _ = try Vault.open(at: path).join(Applicant("dev", .developer), by: credential, hardness: .floor)
    let session = try Vault.open(at: path).unlock(as: ada, by: credential, pins: .unpinned)
    for pending in try session.requests() {
      try session.commit { try $0.approve(pending.request.member, fingerprint: pending.fingerprint) }
    }
    let secret = try SecureBytes(copying: [UInt8](repeating: 0x73, count: 32))
    let connector = ConnectorDetails(name: "crm-sync", provider: "kaizala", connectorID: "5f0c1e9a")
    try session.commit { try $0.register(connector, secret: secret) }
    return ada
  }

  private func add(_ number: Int, _ transaction: borrowing Transaction, _ secret: borrowing SecureBytes) throws {
    let token = TokenDetails(tenant: "tenant-\(number)", connector: "crm-sync", provider: "kaizala", reach: .tenant)
    try transaction.store(token, secret: secret, sharing: [Share(with: "dev")])
  }

  func fill(_ session: borrowing Session) throws {
    let secret = try SecureBytes(copying: [UInt8](repeating: 0x73, count: 1200))
    let single = min(tokens / 20, 2000)
    let one = try measure {
      for number in 0..<single { try session.commit { try add(number, $0, secret) } }
    }
    report("store-share-single", one / Double(single))
    let bulk = try measure {
      for start in stride(from: single, to: tokens, by: 1000) {
        try session.commit { for number in start..<min(start + 1000, tokens) { try add(number, $0, secret) } }
      }
    }
    report("store-share-bulk", bulk / Double(tokens - single))
  }

  private func retrieve(_ session: borrowing Session) throws {
    let reads = 20_000
    var random = SystemRandomNumberGenerator()
    let names = (0..<reads).map { _ in "tenant-\(Int.random(in: 0..<tokens, using: &random))/crm-sync" }
    let all = try measure { for name in names { _ = try session.retrieve(name) } }
    report("retrieve", all / Double(reads))
  }

  private func reopen(as member: Identifier) throws {
    let holder = try Vault.open(at: path).identity(of: member, by: credential)
    var opened: Session?
    let fold = try measure { opened = try Vault.open(at: path).unlock(as: member, with: holder, pins: .unpinned) }
    report("fold", fold)
    let pins = PinFolder(path: path + ".state")
    _ = try Vault.open(at: path).unlock(as: member, with: holder, pins: pins)
    report(
      "unlock-again", try measure { _ = try Vault.open(at: path).unlock(as: member, with: holder, pins: pins) })
    guard let session = opened.take() else { return }
    report("list", try measure { try session.eachToken { _ in } })
    report("verify-log", try measure { _ = try session.verifyLog() })
    report("entries", Double(session.logSize))
  }
}

/// Prints a measurement, rounded to a tenth.
func report(_ name: String, _ value: Double) { print("\(name) \((value * 10).rounded() / 10)") }

/// The wall time of `body` in microseconds.
func measure(_ body: () throws -> Void) rethrows -> Double {
  let duration = try ContinuousClock().measure(body)
  let (seconds, attoseconds) = duration.components
  return Double(seconds) * 1e6 + Double(attoseconds) / 1e12
}
