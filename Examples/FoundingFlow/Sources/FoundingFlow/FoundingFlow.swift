import Custody
import CustodyExchange

/// The founding flow in one program: an admin hands a refresh token to a developer, who exchanges it for an access token.
/// In life the two are two people at two machines; here both stand side by side.
///
/// usage: `FoundingFlow VAULT ENDPOINT CONNECTOR-ID < SECRETS`: the connector's secret and the refresh token, a line each.
@main struct FoundingFlow {
  static func main() async throws {
    let (vault, endpoint, id) = (CommandLine.arguments[1], CommandLine.arguments[2], CommandLine.arguments[3])
    let connectorSecret = try SecureBytes(copying: Array((readLine() ?? "").utf8))
    let refreshToken = try SecureBytes(copying: Array((readLine() ?? "").utf8))

    // The admin makes the vault. A program that people use asks for a passphrase; this one has two made.
    let adasKey = Credential.passphrase(try Passphrase.generate())
    let founded = try Vault.found(at: vault, Founding(founder: "ada"), by: adasKey)
    let ada = try Vault.open(at: vault).unlock(
      as: founded.member, by: adasKey, genesis: founded.genesis, pins: PinFolder(path: vault + ".ada"))

    // The developer asks to join, and the admin approves once both have compared the fingerprint.
    let devsKey = Credential.passphrase(try Passphrase.generate())
    let request = try Vault.open(at: vault).join(Applicant("dev", .developer), by: devsKey)
    try ada.commit { try $0.approve(request.member, fingerprint: request.fingerprint) }

    // (1) The developer registers the connector, (2, 3) the admin stores the refresh token and shares it.
    var dev = try Vault.open(at: vault).unlock(
      as: request.member, by: devsKey, genesis: founded.genesis, pins: PinFolder(path: vault + ".dev"))
    var connector = ConnectorDetails(name: "crm-sync", provider: "kaizala", connectorID: id)
    connector.endpoint = endpoint
    try dev.commit { try $0.register(connector, secret: connectorSecret) }
    let token = TokenDetails(tenant: "contoso", connector: "crm-sync", provider: "kaizala", reach: .tenant)
    try ada.commit {
      try $0.store(token, secret: refreshToken, sharing: [Share(with: "dev", reason: "nightly sync")])
    }

    // (4) The developer exchanges it, and keeps the access token in the process.
    let access = try await dev.exchange("contoso/crm-sync", how: .nowhere)
    print("an access token of \(access.value.count) bytes, until \(access.expires?.text ?? "the provider ends it")")

    // Whoever audits reads who gave what to whom, and verifies the log.
    let exported = try ada.exportLog(LogFilter(), .csv) { print(String(decoding: $0, as: UTF8.self), terminator: "") }
    let verification = try ada.verifyLog()
    print("\(exported.count) entries shown, \(verification.entries) verified")
  }
}
