import Foundation
import Testing

/// docs/PRESETS.md says what each key of a preset means.
struct PresetPaperTests {
  /// The keys that the reader of presets asks for.
  static func keysRead() -> Set<String> {
    let files = House.files(in: "Sources/CustodyExchange", ending: ".swift").filter { $0.name.hasPrefix("Preset") }
    let pattern =
      /(?:text|needed|path|number|truth|list|choices?|hosts|place|inner|optional|members|pairs|separator|expiry|value|header)\("([a-z0-9_]+)"/
    let keys = files.flatMap { $0.text.matches(of: pattern).map { String($0.output.1) } }
    return Set(keys).union(["expiry", "refresh_expiry"].flatMap { [$0 + "_unit", $0 + "_kind"] })
  }

  /// The keys of Custody's own presets, but for those that name codes, places and variables.
  static func keysUsed(_ value: Any, under key: String = "") -> Set<String> {
    guard let object = value as? [String: Any], !["classes", "fixed"].contains(key) else { return [] }
    let inner = object.map { keysUsed($0.value, under: $0.key) }.reduce(Set()) { $0.union($1) }
    return key == "variables" ? inner : inner.union(object.keys)
  }

  @Test func `the paper names every key of the schema`() throws {
    let paper = try House.read("docs/PRESETS.md")
    var keys = Self.keysRead()
    #expect(keys.isSuperset(of: ["v", "old_token_grace_seconds", "without_client", "api_hosts", "connector_claim"]))
    for file in House.files(in: "Sources/CustodyExchange/Presets", ending: ".json") {
      let used = Self.keysUsed(try JSONSerialization.jsonObject(with: Data(file.text.utf8)))
      #expect(used.subtracting(keys).isEmpty, "\(file.path)")
      keys.formUnion(used)
    }
    for key in keys {
      #expect(paper.firstMatch(of: try Regex("`(?:[a-z]+\\.)?\(key)`")) != nil, "\(key)")
    }
  }
}
