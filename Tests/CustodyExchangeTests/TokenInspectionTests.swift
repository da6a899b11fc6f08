import Custody
import CustodyEvidence
import CustodyExchange
import CustodyValues
import CustodyTesting
import Testing

/// Checks of a refresh token's text, before anyone is asked.
struct TokenInspectionTests {
  private static let now = Timestamp(milliseconds: 1_795_000_000_000)
  private static let connectorID = "5f0c1e9a-0000-4000-8000-000000000001"
  private static let day: Int64 = 86_400
  private var seconds: Int64 { Self.now.milliseconds / 1000 }

  private func look(
    at value: String, _ provider: String = "kaizala", set variables: [String: String] = [:],
    _ change: (inout ConnectorDetails) -> Void = { _ in }
  ) throws -> TokenExamination {
    var connector = ConnectorDetails(name: "crm", provider: provider, connectorID: Self.connectorID)
    change(&connector)
    var token = TokenDetails(tenant: "contoso", connector: "crm", provider: provider, reach: .tenant)
    token.variables = variables
    return try TokenInspection(token, of: connector, now: Self.now).examine(secret(value))
  }

  private func codes(_ value: String, _ provider: String = "kaizala") throws -> [TokenFinding.Code] {
    try look(at: value, provider).findings.map(\.code)
  }

  private func kaizala(_ days: Int64 = 365, age: Int64 = 0, connector: String = connectorID) -> String {
    SyntheticJWT.kaizala(
      connector: connector, issued: seconds - age * Self.day, expires: seconds + (days - age) * Self.day)
  }

  @Test func `a token as it should be has nothing to be said of it, and tells when it ends`() throws {
    let found = try look(at: kaizala())
    #expect(found.findings == [])
    #expect(found.expires == Timestamp(milliseconds: Self.now.milliseconds + 365 * 86_400_000))
    #expect(try look(at: "opaque-refresh-token", "oauth2").saysNothing)
  }

  @Test func `the 24-hour token in the place of the 365-day one is an error`() throws {
    let found = try look(at: kaizala(1))
    #expect(found.errors.map(\.code) == [.accessToken])
    #expect(
      found.errors.first?.words == "it is made to live for 1d in all: that is an access token, which brings no others")
  }

  @Test func `elsewhere a JWT that lives for an hour is a warning`() throws {
    let found = try look(at: SyntheticJWT.make(#"{"iat":\#(seconds),"exp":\#(seconds + 3600)}"#), "oauth2")
    #expect(found.errors == [])
    #expect(found.warnings.map(\.code) == [.accessToken, .endsSoon])
  }

  @Test(arguments: [("github-app", "ghu_0001"), ("slack", "xoxe.xoxb-1-0001"), ("dropbox", "sl.0001")])
  func `an access token's own prefix is an error`(provider: String, value: String) throws {
    #expect(try look(at: value, provider).errors.map(\.code) == [.accessToken])
  }

  @Test(arguments: [("github-app", "ghx_0001"), ("slack", "xoxb"), ("kaizala", "refresh-token-1")])
  func `what does not look like this provider's tokens is a warning and no more`(provider: String, value: String) throws
  {
    let found = try look(at: value, provider)
    #expect(found.findings.map(\.code) == [.unlike])
    #expect(found.errors == [])
  }

  @Test func `the prefixes that a preset has are taken`() throws {
    #expect(try codes("ghr_0001", "github-app") == [])
    #expect(try codes("xoxe-1-0001", "slack") == [])
  }

  @Test func `another connector's token is an error, with its ID and without the person in it`() throws {
    let other = "00000000-1111-4222-8333-444444444444"
    let found = try look(at: kaizala(connector: other))
    #expect(found.errors.map(\.code) == [.otherConnector])
    #expect(found.errors.first?.words.contains(other) == true)
    #expect(!"\(found)".contains("+15550100"))
    // The ID may be written in either case.
    #expect(try codes(kaizala(connector: Self.connectorID.uppercased())) == [])
  }

  @Test func `what stands where the ID should be is shown only if it is one`() throws {
    let found = try look(at: kaizala(connector: "+15550100 and more"))
    #expect(found.errors.map(\.code) == [.otherConnector])
    #expect(!"\(found)".contains("15550100"))
    #expect(found.errors.first?.words == "it is of another connector, and crm has \(Self.connectorID)")
  }

  @Test func `nothing of any token is in what is said of it`() throws {
    for value in [
      kaizala(1), kaizala(365, age: 400), "\"\(kaizala())\"", "ghu_SECRETPART", "https://x.test/?code=SECRETPART",
    ] {
      let said = try "\(look(at: value).findings)"
      #expect(!said.contains("SECRETPART"))
      #expect(!said.contains(SyntheticJWT.signature))
      #expect(!said.contains("phone"))
    }
  }

  @Test func `one that ended is an error, and one that ends soon a warning with what to do`() throws {
    #expect(try look(at: kaizala(365, age: 365)).errors.map(\.code) == [.expired])
    #expect(try look(at: kaizala(365, age: 366)).errors.map(\.code) == [.expired])
    let soon = try look(at: kaizala(365, age: 336))
    #expect(soon.errors == [])
    #expect(soon.warnings.map(\.code) == [.endsSoon])
    #expect(soon.warnings.first?.remedy == "exchange it before: that brings a new one")
    #expect(try codes(kaizala(365, age: 335)) == [])
  }

  @Test func `one that is not good yet is a warning, for the clock may be late`() throws {
    let found = try look(at: kaizala(365, age: -1))
    #expect(found.findings.map(\.code) == [.notYetValid])
    #expect(found.errors == [])
  }

  @Test(arguments: [" T", "T ", "T\n", "\tT", "T\r\n", "\n\nT\n\n"])
  func `a space or a line end around it is an error`(shape: String) throws {
    #expect(try codes(shape.replacing("T", with: kaizala())) == [.surroundings])
  }

  @Test(arguments: ["\"T\"", "'T'", "`T`"]) func `quotation marks are an error`(shape: String) throws {
    #expect(try codes(shape.replacing("T", with: kaizala())) == [.quotes])
    #expect(try codes(" " + shape.replacing("T", with: kaizala())) == [.surroundings, .quotes])
  }

  @Test func `what is inside is looked at too`() throws {
    #expect(try codes("\" \(kaizala(365, age: 400))\"") == [.surroundings, .quotes, .expired])
  }

  @Test(arguments: [
    "https://portal.test/connectors", "HTTP://x.test", " https://accounts.test/callback?code=abc ",
  ]) func `a URL is no token`(value: String) throws {
    #expect(try codes(value).contains(.url))
  }

  @Test(arguments: [
    #"{"refreshToken":"abc"}"#, "[]", "refreshToken: abc", "refreshToken=abc", #""refreshToken": "abc","#,
    "Bearer abc", "Authorization: Bearer abc", "access_token=a&token_type=bearer",
  ]) func `a reply, or a line out of one, is no token`(value: String) throws {
    let found = try look(at: value)
    #expect(found.errors.map(\.code) == [.reply])
    #expect(found.errors.first?.remedy == #"give only what stands behind "refreshToken""#)
  }

  @Test(arguments: ["ab cd", "ab\ncd", "abc\u{e9}", "a\u{0}b"])
  func `characters that no token has are an error`(value: String) throws {
    #expect(try codes(value, "oauth2") == [.characters])
  }

  @Test(arguments: ["", "a", "\"", "\"\"", " ", "..", "a.b.c", "e30.e30.", "e30.W10.x", "e30.!.x", "'"])
  func `nothing odd makes it stumble, or tells an end`(value: String) throws {
    #expect(try look(at: value, "kaizala").expires == nil)
  }

  @Test func `claims of the wrong type or beyond all times say nothing`() throws {
    for claims in [
      #"{"exp":"tomorrow"}"#, #"{"exp":-1}"#, #"{"exp":1e99}"#,
      #"{"exp":9223372036854775807,"iat":-9223372036854775808}"#,
      #"{"urn:microsoft:credentials":5}"#, #"{"urn:microsoft:credentials":"no JSON"}"#,
      #"{"urn:microsoft:credentials":"{\"applicationId\":{}}"}"#,
    ] {
      let found = try look(at: SyntheticJWT.make(claims))
      #expect(found.saysNothing, "\(claims)")
    }
  }

  @Test func `a Kaizala connector on one data centre's host is a warning`() throws {
    let found = try look(at: kaizala()) { $0.endpoint = "https://kms2.kaiza.la/v1/accessToken" }
    #expect(found.findings.map(\.code) == [.dataCentre])
    #expect(found.errors == [])
    #expect(try look(at: kaizala()) { $0.endpoint = "https://api.kaiza.la/v1/accessToken" }.findings == [])
    #expect(try look(at: kaizala()) { $0.endpoint = "http://127.0.0.1:4711/v1/accessToken" }.findings == [])
  }

  @Test func `a Zoho token whose data centre nobody named is a warning, as is one at another's host`() throws {
    let taken = try look(at: "1000.synthetic.0001", "zoho")
    #expect(taken.findings.map(\.code) == [.dataCentre])
    #expect(taken.findings.first?.remedy == "say \(step: .give(.variable("region"))) where it is stored")
    #expect(try look(at: "1000.synthetic.0001", "zoho", set: ["region": "eu"]).findings == [])
    func at(_ host: String, _ region: String) throws -> [TokenFinding.Code] {
      try look(at: "1000.synthetic.0001", "zoho", set: ["region": region]) {
        $0.endpoint = "https://\(host)/oauth/v2/token"
      }.findings.map(\.code)
    }
    #expect(try at("accounts.zoho.eu", "eu") == [])
    #expect(try at("accounts.zoho.eu", "in") == [.dataCentre])
  }

  @Test func `a provider that this machine has no preset of is looked at all the same`() throws {
    #expect(try codes("opaque", "nobody") == [])
    #expect(try codes(" opaque", "nobody") == [.surroundings])
    #expect(try codes(kaizala(365, age: 400), "nobody") == [.expired])
  }
}

extension TokenExamination {
  fileprivate var saysNothing: Bool { findings == [] && expires == nil }
}
