import CustodyEvidence
import Custody
import CustodyExchange
import CustodyLog
import CustodySecrets
import CustodySystem
import CustodyValues

/// One of many processes that exchange the same refresh token. `scripts/soak` starts them, gives them commands, and
/// kills some.
struct ExchangeSoak {
  let folder: String
  static let token = "tenant/crm-sync"
  private var path: String { folder + "/soak.db" }

  /// Founds a vault. Standard input has one line each: provider, token URL, connector ID, its secret, refresh token.
  func found() throws {
    let words = (0..<5).compactMap { _ in readLine() }
    guard words.count == 5 else { return }
    var founding = Founding(founder: "ada")
    founding.hardness = .floor
    let ada = try Vault.found(at: path, founding, by: .passphrase(passphrase())).member
    let file = try NewFile(path: folder + "/member")
    try file.write(Array(ada.hex.utf8))
    try file.commit()
    let session = try self.session()
    var connector = ConnectorDetails(name: "crm-sync", provider: words[0], connectorID: words[2])
    connector.endpoint = words[1]
    let registered = connector
    let token = TokenDetails(tenant: "tenant", connector: "crm-sync", provider: words[0], reach: .tenant)
    try session.commit {
      try $0.register(registered, secret: SecureBytes(copying: Array(words[3].utf8)))
      try $0.store(token, secret: SecureBytes(copying: Array(words[4].utf8)))
    }
  }

  /// Carries out the commands on standard input, one per line: `exchange [SECONDS]`, `again [SECONDS]` (also after a
  /// refusal or an unknown outcome), `value`, `entries`, or `rotate TOKEN` to store a new one. Each prints a line: `ok
  /// VALUE` or `error CODE`.
  func work() throws {
    let session = try session()
    say("ready")
    while let line = readLine() {
      do {
        let words = line.split(separator: " ").map(String.init)
        switch words.first {
        case "exchange", "again":
          var options = ExchangeOptions()
          options.asksAgain = words[0] == "again"
          if let seconds = words.dropFirst().first.flatMap(Double.init) { options.timeLimit = .seconds(seconds) }
          let token = try session.exchange(Self.token, how: .pipe, options)
          say("ok " + Self.text(token.value))
        case "entries": say("ok \(try entries(session))")
        case "rotate":
          try session.commit { try $0.rotate(.token, Self.token, secret: SecureBytes(copying: Array(words[1].utf8))) }
          say("ok " + words[1])
        default: say("ok " + Self.text(try session.reveal(Self.token, how: .pipe)))
        }
      } catch let error as VaultError {
        say("error \(error.code.name) \(error.reason)")
      } catch { say("error failed \(error)") }
    }
  }

  /// The number of logged exchanges that succeeded.
  private func entries(_ session: borrowing Session) throws(VaultError) -> Int {
    var (filter, count) = (LogFilter(), 0)
    filter.actions = [.tokenExchange]
    try session.eachLogLine(filter) { if $0.entry.outcome == .ok { count += 1 } }
    return count
  }

  private func say(_ line: String) { try? Output.write(line + "\n", to: 1) }

  private static func text(_ value: borrowing SecureBytes) -> String {
    String(decoding: (0..<value.count).compactMap { value.byte(at: $0) }, as: UTF8.self)
  }

  private func passphrase() throws -> SecureBytes { try SecureBytes(copying: Array("the soak's own four words".utf8)) }

  private func session() throws -> Session {
    guard let bytes = try PlainFile.read(folder + "/member", limit: 100), let member = Identifier(hex: bytes) else {
      throw VaultError(.failed, "no vault was made in \(folder)")
    }
    return try Vault.open(at: path).unlock(
      as: member, by: .passphrase(passphrase()), pins: PinFolder(path: folder + "/state"))
  }
}
