import CustodyExchange
import CustodyJSON
import Testing

/// Each wrong field is refused with its line and the reason.
@Suite struct WrongPresetTests {
  /// A change to a preset, the expected reason, and the text of the line that is named.
  struct Flaw {
    let preset: String
    let path: [String]
    let value: JSONValue?
    let reason: String
    let line: String

    init(_ path: [String], _ value: JSONValue?, _ reason: String, _ line: String) {
      self.init("kaizala", path, value, reason, line)
    }

    init(_ preset: String, _ path: [String], _ value: JSONValue?, _ reason: String, _ line: String) {
      (self.preset, self.path, self.value, self.reason, self.line) = (preset, path, value, reason, line)
    }
  }

  static let flaws: [Flaw] = [
    Flaw(["v"], 2, "preset.v is not 1, the version that is read here", #""v""#),
    Flaw(["v"], nil, "preset.v is not 1, the version that is read here", "{"),
    Flaw(["id"], "Kaizala", "preset.id can't be \"Kaizala\"", #""id""#),
    Flaw(["title"], nil, "preset.title is missing", "{"),
    Flaw(["date"], "24.11.2026", "preset.date is not a day, as in 2026-11-24", #""date""#),
    Flaw(["sources"], "one", "preset.sources is not a list of texts", #""sources""#),
    Flaw(["method"], "PUT", "preset.method can't be \"PUT\"", #""method""#),
    Flaw(["rotation"], "often", "preset.rotation can't be \"often\"", #""rotation""#),
    Flaw(
      ["rotation"], "always", "preset.lifetimes.renew_from_days goes with rotation \"late\", and only with it",
      #""rotation""#),
    Flaw(
      ["old_token"], "grace", "preset.old_token_grace_seconds goes with old_token \"grace\", and only with it",
      #""old_token""#),
    Flaw(["hosts"], [], "preset.hosts is empty: no host could be trusted", #""hosts""#),
    Flaw(["hosts"], ["https://x"], "preset.hosts has \"https://x\", which is no host", #""hosts""#),
    Flaw(
      ["hosts"], ["*"], "preset.hosts has \"*\", which is for presets without a url and without redirects", #""hosts""#),
    Flaw(["hosts"], [7], "preset.hosts is not a list of texts", #""hosts""#),
    Flaw(["hosts"], ["kaiza.la"], "preset.url is on \"api.kaiza.la\", which preset.hosts does not allow", #""url""#),
    Flaw(["hosst"], "x", "preset.hosst is not known", #""hosst""#),
    Flaw(["sends"], nil, "preset.sends is missing", "{"),
    Flaw(["sends"], "x", "preset.sends is not an object", #""sends""#),
    Flaw(["sends", "client"], "x", "preset.sends.client is not known", #""client""#),
    Flaw(["sends", "connector_secret"], nil, "preset.sends.connector_secret is missing", #""sends""#),
    Flaw(["sends", "connector_id"], "query:id", "preset.sends.connector_id can't be \"query:id\"", #""connector_id""#),
    Flaw(
      ["sends", "connector_id"], "header:a\r\nb", "preset.sends.connector_id can't be \"header:a\r\nb\"",
      #""connector_id""#),
    Flaw(["sends", "connector_id"], "form:id", "preset.sends has form:id, and preset.body is none", #""sends""#),
    Flaw(
      "google", ["sends", "connector_id"], "json:id", "preset.sends has json:id, and preset.body is form", #""sends""#),
    Flaw(["sends", "connector_id"], "header:REFRESHTOKEN", "preset.sends uses one place twice", #""sends""#),
    Flaw(["sends", "connector_id"], "header:Host", "preset.sends can't set the header Host", #""sends""#),
    Flaw(
      ["sends", "connector_id"], "basic:user",
      "preset.sends: basic takes the connector's ID as user and its secret as password", #""sends""#),
    Flaw(
      "google", ["sends", "refresh_token"], "assertion", "preset.sends: an assertion is made of the connector's secret",
      #""sends""#),
    Flaw(["sends", "fixed"], ["basic:user": "x"], "preset.sends.fixed can't have \"basic:user\"", #""fixed""#),
    Flaw(["sends", "fixed"], ["header:X": "a\r\nb"], "preset.sends.fixed has a value that can't be sent", #""fixed""#),
    Flaw(["sends", "fixed"], ["header:X": 7], "preset.sends.fixed.header:X is not text", #""header:X""#),
    Flaw(["body"], "form", "preset.body and preset.method don't go together", #""body""#),
    Flaw(["client_auth"], ["post"], "preset.client_auth needs a body", #""client_auth""#),
    Flaw(["client_auth"], ["magic"], "preset.client_auth can't have \"magic\"", #""client_auth""#),
    Flaw(
      "zoom", ["client_auth"], ["basic"], "preset.client_auth names a way twice, or the one of preset.sends",
      #""client_auth""#),
    Flaw(
      "zoom", ["assertion_alg"], "ES256", "preset.assertion_alg is for presets that know assertions",
      #""assertion_alg""#),
    Flaw("entra", ["assertion_alg"], "HS256", "preset.assertion_alg can't be \"HS256\"", #""assertion_alg""#),
    Flaw(["reply", "format"], "xml", "preset.reply.format can't be \"xml\"", #""format""#),
    Flaw(["reply", "expiry_unit"], "days", "preset.reply.expiry_unit can't be \"days\"", #""expiry_unit""#),
    Flaw(["reply", "access_token"], nil, "preset.reply.access_token is missing", #""reply""#),
    Flaw(
      ["reply", "scope_separator"], ", ", "preset.reply.scope_separator is not one character", #""scope_separator""#),
    Flaw(["reply", "api_hosts"], ["a b"], "preset.reply.api_hosts has \"a b\", which is no host", #""api_hosts""#),
    Flaw(
      "oauth2", ["reply", "format"], "form", "preset.errors.success is true or false, which a form can't say",
      #""success""#),
    Flaw(["errors", "classes"], ["x": "y"], "preset.errors.classes can't have \"y\"", #""classes""#),
    Flaw(["errors"], nil, "preset.errors is missing", "{"),
    Flaw(
      ["lifetimes", "refresh_days"], "365", "preset.lifetimes.refresh_days is not a whole number", #""refresh_days""#),
    Flaw(["lifetimes", "refresh_days"], -1, "preset.lifetimes.refresh_days is not a whole number", #""refresh_days""#),
    Flaw(
      ["lifetimes", "access_seconds"], 9_000_000_000_000_000, "preset.lifetimes.access_seconds is too large",
      #""access_seconds": 9"#),
    Flaw(["tokens", "jwt"], "yes", "preset.tokens.jwt is neither true nor false", #""jwt""#),
    Flaw(["follows_308"], 1, "preset.follows_308 is neither true nor false", #""follows_308""#),
    Flaw(
      "entra", ["url"], "https://login.microsoftonline.com/{tenant/token", "preset.url has braces that don't match",
      #""url""#),
    Flaw(
      "entra", ["url"], "https://login.microsoftonline.com/{who}",
      "preset.url has {who}, which preset.variables does not say", #""url""#),
    Flaw("entra", ["variables", "region"], ["title": "x"], "preset.variables.region stands in no URL", #""region""#),
    Flaw("entra", ["variables", "tenant"], [:], "preset.variables.tenant.title is missing", #""tenant""#),
    Flaw(
      "zoho", ["variables", "region", "default"], "mars", "preset.variables.region.default is not one of its values",
      #""default""#),
    Flaw(
      "zoho", ["variables", "region", "values"], ["com", "org"],
      "preset.url is on \"accounts.zoho.org\", which preset.hosts does not allow", #""url""#),
    Flaw(
      "zoho", ["variables", "region", "values"], ["com", "a/b"],
      "preset.variables.region.values has a value with other characters than letters, digits, - and .", #""values""#),
    Flaw(
      "zoom", ["url"], "http://zoom.us/oauth/token",
      "preset.url is no URL to send secrets to: plain http goes to this machine only, and \"zoom.us\" is another",
      #""url": "http:"#),
    Flaw(
      "google", ["revoke", "url"], "https://evil.example.com/",
      "preset.revoke.url is on \"evil.example.com\", which preset.hosts does not allow", #""url": "https://evil"#),
    Flaw(
      "google", ["revoke", "token"], "header:Content-Length", "preset.revoke can't set the header Content-Length",
      #""revoke""#),
    Flaw(
      "google", ["revoke", "token"], "basic:user", "preset.revoke.token can't be \"basic:user\"", #""token": "basic"#),
    Flaw("google", ["revoke", "token"], "assertion", "preset.revoke.token can't be \"assertion\"", #""token": "ass"#),
    Flaw("google", ["revoke", "method"], "GET", "preset.revoke has form:token, and its body is none", #""revoke""#),
    Flaw(
      "hubspot", ["introspect", "fixed"], ["json:a": "b"], "preset.introspect has json:a, and its body is form",
      #""introspect""#),
    Flaw("hubspot", ["revoke", "token"], "form:client_id", "preset.revoke uses one place twice", #""revoke""#),
    Flaw("xero", ["revoke", "token"], "header:Authorization", "preset.revoke uses one place twice", #""revoke""#),
    Flaw("xero", ["sends", "refresh_token"], "header:authorization", "preset.sends uses one place twice", #""sends""#),
    Flaw(
      "oauth2", ["sends", "fixed"], ["form:client_id": "x"],
      "preset.client_auth: post needs a place that preset.sends uses", #""client_auth""#),
    Flaw(
      "oauth2", ["sends", "scope"], "form:client_assertion",
      "preset.client_auth: assertion needs a place that preset.sends uses", #""client_auth""#),
    Flaw(
      ["sends", "fixed"], ["header:Accept-Encoding": "gzip"], "preset.sends can't set the header Accept-Encoding",
      #""sends""#),
    Flaw(
      ["reply", "refresh_token"], "accessToken",
      "preset.reply.refresh_token is where the access token stands", #""refresh_token""#),
    Flaw("google", ["device", "url"], nil, "preset.device.url is missing", #""device""#),
    Flaw("google", ["authorize", "fixed", "prompt"], true, "preset.authorize.fixed.prompt is not text", #""prompt""#),
  ]

  /// The object with the value at the path.
  static func set(_ path: ArraySlice<String>, _ value: JSONValue?, in object: JSONObject) -> JSONObject {
    var object = object
    guard let key = path.first else { return object }
    if path.count == 1 {
      object[key] = value
    } else {
      object[key] = .object(set(path.dropFirst(), value, in: object[key]?.object ?? JSONObject()))
    }
    return object
  }

  @Test(arguments: flaws.indices) func `a wrong preset is refused with line and reason`(index: Int) throws {
    let flaw = Self.flaws[index]
    var object = try #require(Preset.named(flaw.preset)?.json.object)
    object = Self.set(flaw.path[...], flaw.value, in: object)
    let text = JSONValue.object(object).text(.indented)
    let error = #expect(throws: PresetError.self) { try Preset(parsing: Array(text.utf8)) }
    #expect(error?.reason == flaw.reason)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(error?.line)
    #expect(lines[line - 1].contains(flaw.line), "line \(line): \(lines[line - 1])")
    #expect(error?.text == "line \(line): \(flaw.reason)")
    #expect(throws: PresetError.self) { try Preset(.object(object)) }
  }

  @Test(arguments: [
    (#"{"a":1,"a":2}"#, "line 1, column 8: a key stands twice in one object"),
    ("{\n  \"ä\": 1,\n}", "line 3, column 1: it is not JSON from here on"),
    ("{\"ä\" 1}", "line 1, column 6: it is not JSON from here on"),
    ("{}\n x", "line 2, column 2: something stands after the JSON"),
    ("", "line 1, column 1: it is not JSON from here on"),
    ("[]", "line 1: preset is not an object"),
  ])
  func `text that is no JSON is refused with line and column`(text: String, expected: String) {
    let error = #expect(throws: PresetError.self) { try Preset(parsing: Array(text.utf8)) }
    #expect(error?.text == expected)
  }

  @Test func `more than a preset needs is not read`() {
    let long = Array(repeating: UInt8(ascii: " "), count: Preset.mostBytes + 1)
    let error = #expect(throws: PresetError.self) { try Preset(parsing: long) }
    #expect(error?.text == "it has more than 32768 bytes")
  }
}
