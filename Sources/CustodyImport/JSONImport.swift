internal import Custody
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues

/// A reader of Custody's own JSON: `{"connectors": […], "tokens": […]}`, each an object with the fields of the CSV.
struct JSONImport {
  private(set) var rows: [ImportRow] = []

  mutating func read(_ json: borrowing SecretJSON) throws {
    guard json.kind(of: json.root) == .object else {
      throw VaultError.malformed("the file", "it is not an object with \"connectors\" and \"tokens\"")
    }
    for (key, list) in json.members(of: json.root) {
      switch key {
      case "v":
        guard json.integer(at: "v") == 1 else { throw VaultError.malformed("v", "it is not 1") }
      case "connectors", "tokens":
        guard json.kind(of: list) == .array else { throw VaultError.malformed(key, "it is not a list") }
        for (number, element) in json.elements(of: list).enumerated() {
          let type = key == "tokens" ? ItemKind.token : .connector
          rows.append(try Self.row("\(key)[\(number)]", element, type, json))
        }
      default: throw VaultError.malformed(PrintableText.escape(key), "it is not known")
      }
    }
  }

  private static func row(
    _ path: String, _ element: SecretJSON.Place, _ type: ItemKind, _ json: borrowing SecretJSON
  ) throws -> ImportRow {
    guard json.kind(of: element) == .object else { throw VaultError.malformed(path, "it is not an object") }
    var row = ImportRow(place: .path(path))
    row.fields[.type] = type.rawValue
    for (key, value) in json.members(of: element) {
      let place = "\(path).\(PrintableText.escape(key))"
      guard let field = ImportField(rawValue: key), field != .type else {
        throw VaultError.malformed(place, "it is not known", hint: "the fields are \(ImportField.names)")
      }
      switch (field, json.kind(of: value)) {
      case (_, .null): continue
      case (.secret, .string): row.secret = .json(value)
      case (.permissions, .array): row.fields[field] = try list(place, value, json)
      case (_, .string): row.fields[field] = json.string(at: value)
      default: throw VaultError.malformed(place, "it is not text")
      }
    }
    return row
  }

  private static func list(
    _ place: String, _ value: SecretJSON.Place, _ json: borrowing SecretJSON
  ) throws -> String {
    var texts: [String] = []
    for element in json.elements(of: value) {
      guard let text = json.string(at: element) else {
        throw VaultError.malformed(place, "it has something else than text")
      }
      texts.append(text)
    }
    return texts.joined(separator: " ")
  }
}
