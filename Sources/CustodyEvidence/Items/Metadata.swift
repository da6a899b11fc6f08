internal import CustodyCrypto
package import CustodyJSON
internal import CustodyLog
package import CustodyValues

/// The encoding of metadata before it is sealed: JSON with a random salt, so that its SHA-256 in the log can't be
/// guessed until it is disclosed.
package enum Metadata {
  package static func encode(_ fields: [(String, JSONValue?)]) -> [UInt8] {
    encode(fields, salt: String(decoding: Base64.encode(Sodium.randomBytes(16)), as: UTF8.self))
  }

  private static func encode(_ fields: [(String, JSONValue?)], salt: String) -> [UInt8] {
    let head: [(String, JSONValue?)] = [("v", .integer(1)), ("salt", .string(salt))]
    var object = JSONObject()
    for (key, value) in head + fields { object[key] = value }
    return JSONValue.object(object).bytes()
  }

  package static func time(_ value: JSONValue) throws(EvidenceError) -> Timestamp {
    guard let time = value.string.flatMap({ Timestamp(rfc3339: $0.utf8) }) else { throw malformed() }
    return time
  }

  /// An object of texts in byte order of their names. Nil if there are none.
  package static func texts(_ texts: [String: String]) -> JSONValue? {
    var object = JSONObject()
    for (name, text) in texts.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      object[name] = .string(text)
    }
    return texts.isEmpty ? nil : .object(object)
  }

  package static func texts(_ value: JSONValue) throws(EvidenceError) -> [String: String] {
    guard let members = value.object?.members else { throw malformed() }
    var texts: [String: String] = [:]
    for member in members {
      guard let text = member.value.string else { throw malformed() }
      texts[member.key] = text
    }
    return texts
  }

  package static func malformed() -> EvidenceError {
    EvidenceError(.broken, "sealed metadata is not what this version writes")
  }

  package static func parse(_ bytes: [UInt8]) throws(EvidenceError) -> JSONValue {
    guard let value = try? JSONValue(parsing: bytes), value["v"]?.integer == 1, value["salt"]?.string != nil else {
      throw malformed()
    }
    return value
  }
}
