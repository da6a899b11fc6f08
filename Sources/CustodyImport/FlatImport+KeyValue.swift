internal import Custody
internal import CustodyJSON
internal import CustodyValues

/// Readers of other tools' keys and values in JSON: Bitwarden's `bws secret list` and Vault's `vault kv get
/// -format=json`.
extension FlatImport {
  mutating func read(bws json: borrowing SecretJSON) throws {
    let isList = json.kind(of: json.root) == .array
    for (number, element) in (isList ? json.elements(of: json.root) : [json.root]).enumerated() {
      let path = isList ? "[\(number)]" : "secret"
      var (key, note): (String?, String?)
      var value: SecretJSON.Place?
      for (name, member) in json.members(of: element) {
        switch name {
        case "key": key = json.string(at: member)
        case "value": value = member
        case "note": note = json.string(at: member)
        default: break
        }
      }
      guard let key, let value, json.kind(of: value) == .string else {
        throw VaultError.malformed(path, "it has no key and value", hint: "make it with: bws secret list --output json")
      }
      try add(key, at: .path(path), .json(value)) { json.string(at: value) }
      if let note { try self.note(note, of: key) }
    }
  }

  /// Reads Vault's output. Version 2 of its engine has the values one level deeper than version 1, beside their
  /// metadata.
  mutating func read(vault json: borrowing SecretJSON) throws {
    let outer = json.members(of: json.root)
    guard var data = outer.first(where: { $0.key == "data" })?.value, json.kind(of: data) == .object else {
      throw VaultError.malformed(
        "the file", "it has no object \"data\"", hint: "make it with: vault kv get -format=json PATH")
    }
    var path = "data"
    let inner = json.members(of: data)
    if inner.contains(where: { $0.key == "metadata" && json.kind(of: $0.value) == .object }),
      let values = inner.first(where: { $0.key == "data" })?.value
    {
      guard json.kind(of: values) == .object else {
        throw VaultError.malformed("data.data", "there are no values: this version was deleted")
      }
      (data, path) = (values, "data.data")
    }
    for (key, value) in json.members(of: data) {
      let place = "\(path).\(PrintableText.escape(key))"
      let isText = json.kind(of: value) == .string
      let before = rows.count
      try add(key, at: .path(place), .json(value)) { json.string(at: value) }
      guard isText || rows.count == before && leftOut.last == PrintableText.escape(key) else {
        throw VaultError.malformed(place, "it is not text")
      }
    }
  }
}
