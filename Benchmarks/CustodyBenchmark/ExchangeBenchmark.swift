import CustodyEvidence
import Custody
import CustodyExchange
import CustodyLog
import CustodySecrets
import CustodyValues

/// Times handing out a kept access token and revealing the refresh token. Each writes one durable log entry.
struct ExchangeBenchmark {
  let folder: String

  func run(_ count: Int) throws {
    let credential = Credential.passphrase(try SecureBytes(copying: Array("the benchmark's own four words".utf8)))
    let (path, token) = (folder + "/kept.db", "tenant/crm-sync")
    var founding = Founding(founder: "ada")
    founding.hardness = .floor
    let ada = try Vault.found(at: path, founding, by: credential).member
    let session = try Vault.open(at: path).unlock(as: ada, by: credential, pins: .unpinned)
    let secret = try SecureBytes(copying: [UInt8](repeating: 0x73, count: 1200))
    try session.commit {
      try $0.register(ConnectorDetails(name: "crm-sync", provider: "kaizala", connectorID: "5f0c1e9a"), secret: secret)
      try $0.store(
        TokenDetails(tenant: "tenant", connector: "crm-sync", provider: "kaizala", reach: .tenant), secret: secret)
    }
    try keep(secret, token, session)
    _ = try session.reveal(token, how: .pipe)
    _ = try session.exchange(token, how: .pipe)
    // Alternately, so that both meet the same state of the disk.
    var (reveal, kept) = (0.0, 0.0)
    for _ in 0..<count {
      reveal += try measure { _ = try session.reveal(token, how: .pipe) }
      kept += try measure { _ = try session.exchange(token, how: .pipe) }
    }
    report("reveal", reveal / Double(count))
    report("exchange-kept", kept / Double(count))
  }

  /// Stores an access token as if a provider had just issued it.
  private func keep(_ secret: borrowing SecureBytes, _ token: String, _ session: borrowing Session) throws {
    switch try session.beginExchange(token, ExchangeTerms(how: .pipe), NoRules()) {
    case .claimed(let claim, _):
      var facts = KeptAccessToken.Facts(obtained: .now())
      facts.expires = .now().adding(milliseconds: 86_400_000)
      let answer = ExchangeAnswer(accessToken: try secret.copy(), refreshToken: nil, facts: facts)
      _ = try session.finishExchange(claim, how: .pipe, answer)
    case .held: throw VaultError(.conflict, "the token is held")
    case .kept: return
    }
  }

  private struct NoRules: ExchangeRules {
    let asksAgain = false
    func accepts(_ kept: KeptAccessToken.Facts, of subject: ExchangeSubject) -> Bool { false }
    func check(_ before: ExchangeJournal?, of subject: ExchangeSubject) {}
  }
}
