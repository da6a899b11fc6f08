import CustodyEvidence
@testable import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Testing

/// A token goes where an admin said, and nowhere else.
struct DestinationTests {
  let vault: TemporaryVault

  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
    try vault.session(.ada).commit { try $0.share(.token, "contoso/crm-sync", Share(with: "dev")) }
    // bea gets the connector by a share: she could be any holder.
    try vault.session(.dev).commit { try $0.share(.connector, "crm-sync", Share(with: "ada")) }
  }

  private func redirect(as person: Person = .dev) throws {
    try vault.session(person).commit {
      try $0.changeConnector("crm-sync", reason: "new host") { $0.endpoint = "https://their.host/token" }
    }
  }

  private func exchange(as person: Person = .dev) -> VaultError? {
    refusal { _ = try vault.session(person).claim("contoso/crm-sync") }
  }

  @Test func `a connector that leads elsewhere stops every exchange before anything is sent, with who changed it`()
    throws
  {
    #expect(exchange() == nil)
    try redirect()
    let error = exchange()
    #expect(error?.code == .destinationChanged)
    let reason = error?.reason ?? ""
    #expect(reason.contains("secrets would go to their.host, not to those of preset kaizala"))
    #expect(reason.contains("dev changed that at \(vault.clock.now().text)"))
    #expect(error?.hint?.steps == [.confirm(token: "contoso/crm-sync")])
    // It is on record as denied.
    var denied = 0
    try vault.session(.audrey).eachLogLine(LogFilter()) { if $0.entry.outcome == .denied { denied += 1 } }
    #expect(denied == 1)
  }

  @Test func `an admin who holds the token confirms, as they were shown, and then it goes there`() throws {
    try redirect()
    let ada = try vault.session(.ada)
    let shown = try ada.destinations(of: "contoso/crm-sync").now
    #expect(shown.hosts == ["their.host"])
    #expect(
      refusal { try vault.session(.dev).commit { try $0.confirm("contoso/crm-sync", to: shown) } }?.code
        == .notPermitted)
    // bea is an admin and holds nothing.
    #expect(
      refusal { try vault.session(.bea).commit { try $0.confirm("contoso/crm-sync", to: shown) } }?.code == .notShared)
    try ada.commit { try $0.confirm("contoso/crm-sync", to: shown, reason: "moved") }
    #expect(exchange() == nil)
    #expect(try ada.destinationDifferences(of: "contoso/crm-sync").isEmpty)
    #expect(try vault.session(.audrey).verifyLog().verdicts.holds)
  }

  @Test func `a confirmation of what has changed since it was shown is refused`() throws {
    try redirect()
    let shown = try vault.session(.ada).destinations(of: "contoso/crm-sync").now
    try vault.session(.dev).commit { try $0.changeConnector("crm-sync") { $0.endpoint = "https://another.host/token" } }
    let error = refusal { try vault.session(.ada).commit { try $0.confirm("contoso/crm-sync", to: shown) } }
    #expect(error?.code == .conflict)
    #expect(exchange()?.code == .destinationChanged)
  }

  @Test func `a token is not stored for a destination that changed since it was shown`() throws {
    let token = TokenDetails(tenant: "fabrikam", connector: "crm-sync", provider: "kaizala", reach: .tenant)
    let ada = try vault.session(.ada)
    let shown = try ada.destination(of: token)
    try redirect()
    let error = refusal { try ada.commit { try $0.store(token, secret: secret("r"), to: shown) } }
    #expect(error?.code == .conflict)
    #expect(error?.reason.contains("their.host") == true)
    let found1 = ada.contains(.token, "fabrikam/crm-sync")
    #expect(!found1)
  }

  @Test(arguments: ["id", "auth", "preset", "tenant", "variable"])
  func `whatever fills or signs a request is part of the destination`(what: String) throws {
    switch what {
    case "tenant": try vault.session(.ada).commit { try $0.changeToken("contoso/crm-sync") { $0.providerTenant = "t" } }
    case "variable":
      try vault.session(.ada).commit { try $0.changeToken("contoso/crm-sync") { $0.variables = ["region": "eu"] } }
    default:
      try vault.session(.dev).commit {
        try $0.changeConnector("crm-sync") { details in
          switch what {
          case "id": details.connectorID = "another"
          case "auth": details.clientAuthentication = "post"
          default: details.preset = #"{"url":"https://their.host/token"}"#
          }
        }
      }
    }
    let error = exchange()
    #expect(error?.code == .destinationChanged)
    if what == "preset" { #expect(error?.reason.contains("their.host") == true) }
  }

  @Test func `a change of what is no destination asks nobody to confirm`() throws {
    try vault.session(.dev).commit {
      try $0.changeConnector("crm-sync") {
        $0.note = "n"
        $0.scope = "offline_access"
        $0.permissions = ["more"]
      }
    }
    try vault.session(.ada).commit { try $0.changeToken("contoso/crm-sync") { $0.note = "n" } }
    #expect(exchange() == nil)
  }

  @Test func `a holder by a share can't change where a connector leads`() throws {
    try vault.session(.dev).commit { try $0.share(.connector, "crm-sync", Share(with: "ada")) }
    _ = try vault.session(.bea).commit { try $0.setRole(of: "ada", to: .developer, orphaning: true) }
    let error = refusal { try redirect(as: .ada) }
    #expect(error?.code == .notPermitted)
    #expect(error?.reason.contains("only dev, who registered it, or an admin may") == true)
    #expect(exchange() == nil)
  }

  @Test func `a change of details ends no exposure`() throws {
    try redirect()
    let exposed = try vault.session(.audrey).exposures().filter { $0.kind == .connector }.map(\.member.name)
    #expect(Set(exposed) == ["ada", "dev"])
  }
}
