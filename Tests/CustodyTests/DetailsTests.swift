import CustodyEvidence
import Custody
import CustodyValues
import CustodyTesting
import Testing

/// Details sealed beside a secret come back unchanged, for everyone who may read them.
@Suite struct DetailsTests {
  @Test
  func `a connector's preset is sealed with it and stays through a rotation, its secret's end goes with the secret`()
    throws
  {
    let vault = try TemporaryVault()
    var connector = ConnectorDetails(name: "crm", provider: "acme", connectorID: "id")
    connector.preset = "{\"v\":1,\"title\":\"Äcme \\\\ \\\"\"}"
    let ends = try Timestamp(typed: "2027-11-01", date: .start)
    connector.clientAuthentication = "assertion"
    let registered = connector
    try vault.session(.dev).commit { try $0.register(registered, secret: secret("s"), expires: ends) }
    let listed = try vault.session(.ada).connector("crm")
    #expect(listed.details == connector)
    #expect(listed.expires == ends)
    try vault.session(.dev).commit { try $0.rotate(.connector, "crm", secret: secret("t")) }
    let rotated = try vault.session(.audrey).connector("crm")
    #expect(rotated.details == connector)
    #expect(rotated.expires == nil)
    _ = try vault.session(.audrey).verifyLog()
  }

  @Test func `a token's variables are sealed with it`() throws {
    let vault = try TemporaryVault()
    try vault.furnish()
    var token = TokenDetails(tenant: "fabrikam", connector: "crm-sync", provider: "kaizala", reach: .group)
    token.variables = ["region": "com.au", "a": "b"]
    let stored = token
    try vault.session(.ada).commit { try $0.store(stored, secret: secret("r")) }
    #expect(try vault.session(.bea).token("fabrikam/crm-sync").details == token)
    #expect(try vault.session(.bea).token("contoso/crm-sync").details.variables.isEmpty)
  }
}
