import CustodyExchange
import CustodyJSON
import Testing

@Suite struct PresetTests {
  @Test func `every preset that is brought along can be read`() throws {
    for text in Preset.texts { _ = try Preset(parsing: Array(text.utf8)) }
    #expect(Preset.all.map(\.id) == ["kaizala", "entra", "google", "salesforce", "oauth2", "oauth2-post"])
    #expect(Preset.named("nobody") == nil)
    #expect(Preset.all.allSatisfy { $0.date == "2026-11-23" && !$0.sources.isEmpty && !$0.doubts.isEmpty })
  }

  @Test func `the presets say what is known of rotation`() throws {
    #expect(Preset.all.map(\.rotation) == [.late, .always, .never, .optional, .optional, .optional])
    #expect(Preset.all.map(\.oldToken) == [.unknown, .valid, .valid, .dead, .unknown, .unknown])
    #expect(Preset.all.map(\.follows308) == [true, false, false, false, false, false])
  }

  static let flaws: [(change: [(path: [String], value: JSONValue?)], reason: String)] = [
    ([(["id"], "Kaizala")], "preset.id can't be \"Kaizala\""),
    ([(["title"], nil)], "preset.title is missing"),
    ([(["method"], "PUT")], "preset.method can't be \"PUT\""),
    ([(["rotation"], "often")], "preset.rotation can't be \"often\""),
    ([(["hosts"], [])], "preset.hosts is empty: no host could be trusted"),
    ([(["hosts"], ["https://x"])], "preset.hosts has \"https://x\", which is no host"),
    ([(["hosts"], ["*"])], "preset.hosts has \"*\", which is for presets without a url and without redirects"),
    ([(["hosts"], [7])], "preset.hosts is not a list of texts"),
    ([(["hosst"], "x")], "preset.hosst is not known"),
    ([(["sends", "client"], "x")], "preset.sends.client is not known"),
    ([(["sends", "connector_id"], "query:id")], "preset.sends.connector_id can't be \"query:id\""),
    ([(["sends", "connector_id"], "header:a\r\nb")], "preset.sends.connector_id can't be \"header:a\r\nb\""),
    ([(["sends", "connector_id"], "form:id")], "preset.sends has form fields, and preset.body is none"),
    ([(["sends", "connector_id"], "header:refreshToken")], "preset.sends uses one place twice"),
    (
      [(["sends", "connector_id"], "basic:user")],
      "preset.sends: basic takes the connector's ID as user and its secret as password"
    ),
    ([(["body"], "form")], "preset.body and preset.method don't go together"),
    ([(["reply", "expiry_unit"], "days")], "preset.reply.expiry_unit can't be \"days\""),
    ([(["reply", "access_token"], nil)], "preset.reply.access_token is missing"),
    ([(["errors", "classes"], ["x": "y"])], "preset.errors.classes can't have \"y\""),
    ([(["errors"], nil)], "preset.errors is not an object"),
    ([(["lifetimes", "refresh_days"], "365")], "preset.lifetimes.refresh_days is not a whole number"),
    ([(["follows_308"], 1)], "preset.follows_308 is neither true nor false"),
  ]

  @Test(arguments: flaws.indices) func `a wrong preset is refused with the reason`(index: Int) throws {
    var object = try #require(JSONValue(parsing: Preset.texts[0]).object)
    for (path, value) in Self.flaws[index].change {
      if path.count == 1 {
        object[path[0]] = value
      } else {
        var inner = try #require(object[path[0]]?.object)
        inner[path[1]] = value
        object[path[0]] = .object(inner)
      }
    }
    #expect(throws: PresetError(reason: Self.flaws[index].reason)) { try Preset(.object(object)) }
  }

  @Test func `text that is no JSON is no preset`() {
    #expect(throws: PresetError(reason: "it is not JSON (duplicateKey, byte 7)")) {
      try Preset(parsing: Array(#"{"a":1,"a":2}"#.utf8))
    }
  }
}
