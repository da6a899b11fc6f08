import CustodyJSON
import CustodySecrets
import CustodyValues

extension FuzzTarget {
  static let json = FuzzTarget(
    name: "json", longest: 2048, words: ["null", "true", "\\u0000", "\\ud83d\\ude00", "1e-9", "\u{FEFF}", "&a=%20"],
    seeds: {
      let small = Seeds.files("Sources/CustodyExchange/Presets", ending: ".json").filter { $0.count < 2048 }
      let cases = Seeds.files("Tests/Fixtures/cases", ending: ".json").filter { $0.count < 2048 }
      let own = [
        #"{"a":[1,-0.5e+3,true,null,"\u00e9\n\ud83d\ude00"],"b":{"c":{}}}"#, "access_token=a%20b&expires_in=1",
      ]
      return small + cases + own.map(utf8)
    }, run: read(json:))

  private static func read(json bytes: [UInt8]) throws {
    var failure: JSONError?
    var open: JSONValue?
    do { open = try JSONValue(parsing: bytes) } catch { failure = error }
    do {
      let secret = try SecretJSON(SecureBytes(copying: bytes))
      try hold(open != nil, "open and secret text are read by one grammar")
      if let open { try compare(secret, secret.root, open) }
    } catch let error as JSONError {
      try hold(error == failure, "open and secret text fail alike: \(error), \(failure as Any)")
    }
    if let open {
      try compare(SecretJSON(reply: SecureBytes(copying: bytes)), open)
    } else {
      _ = try? SecretJSON(reply: SecureBytes(copying: bytes))
    }
    if let failure { _ = (JSONPlace(offset: failure.offset, in: bytes), failure.reason.words) }
    _ = try? SecretJSON(form: SecureBytes(copying: bytes))
    guard let open else { return }
    let compact = open.bytes()
    try hold(try JSONValue(parsing: compact).bytes() == compact, "what was written is written again the same")
    try hold(try JSONValue(parsing: open.bytes(.indented)) == open, "a layout changes no value")
    for step in (open.object?.keys ?? []).prefix(3) + ["0"] {
      _ = try JSONPlace(of: JSONPath(steps: [step, "0"]), in: bytes)
    }
  }

  /// Checks that strict JSON is read the same as a reply.
  private static func compare(_ json: consuming SecretJSON, _ open: JSONValue) throws {
    try compare(json, json.root, open)
  }

  private static func compare(_ json: borrowing SecretJSON, _ place: SecretJSON.Place, _ open: JSONValue) throws {
    switch open {
    case .string(let text):
      try hold(json.string(at: place)?.utf8.elementsEqual(text.utf8) == true, "a secret string is what it says")
      try hold(json.byteCount(at: place) == text.utf8.count, "a string's bytes are counted")
      try hold(try json.secret(at: place)?.count == text.utf8.count, "a secret has all its bytes")
    case .array(let elements):
      let found = json.elements(of: place)
      try hold(found.count == elements.count, "an array has its elements")
      for (one, other) in zip(found, elements) { try compare(json, one, other) }
    case .object(let object):
      let found = json.members(of: place)
      try hold(found.count == object.members.count, "an object has its members")
      for (one, other) in zip(found, object.members) {
        try hold(one.key.utf8.elementsEqual(other.key.utf8), "a key is what it says")
        try compare(json, one.value, other.value)
      }
    case .null, .bool, .number: return
    }
  }
}
