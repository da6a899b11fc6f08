internal import Custody
internal import CustodyJSON
internal import CustodyValues

/// A reader of 1Password's `op item get --format json`: an item, or a list of them. The title is the item's name; a
/// field is recognized by its ID or its label.
struct OnePasswordImport {
  private let map: ImportMap
  private(set) var rows: [ImportRow] = []
  private(set) var leftOut: [String] = []

  init(map: ImportMap) {
    var known: [String: ImportField] = [
      "credential": .secret, "password": .secret, "username": .id, "notesPlain": .note,
    ]
    for field in ImportField.allCases where field != .name { known[field.rawValue] = field }
    self.map = ImportMap(known).merging(map)
  }

  mutating func read(_ json: borrowing SecretJSON) throws {
    let isList = json.kind(of: json.root) == .array
    let items = isList ? json.elements(of: json.root) : [json.root]
    for (number, item) in items.enumerated() {
      try add(item, isList ? "[\(number)]" : "item", json)
    }
  }

  private mutating func add(_ item: SecretJSON.Place, _ path: String, _ json: borrowing SecretJSON) throws {
    let members = json.members(of: item)
    guard let title = members.first(where: { $0.key == "title" }).flatMap({ json.string(at: $0.value) }) else {
      throw VaultError.malformed(path, "it has no title", hint: "make it with: op item get ITEM --format json")
    }
    var row = ImportRow(place: .path(path))
    row.fields[.name] = title
    if let fields = members.first(where: { $0.key == "fields" }) {
      for (number, field) in json.elements(of: fields.value).enumerated() {
        try add(field, "\(path).fields[\(number)]", to: &row, json)
      }
    }
    rows.append(row)
  }

  private mutating func add(
    _ field: SecretJSON.Place, _ path: String, to row: inout ImportRow, _ json: borrowing SecretJSON
  ) throws {
    var names: [String] = []
    var value: SecretJSON.Place?
    for (key, member) in json.members(of: field) {
      switch key {
      case "id", "label": if let name = json.string(at: member) { names.append(name) }
      case "value": value = member
      default: break
      }
    }
    guard let value, json.byteCount(at: value) > 0 else { return }
    guard let target = try target(names) else {
      leftOut.append("\(path) (\(PrintableText.escape(names.last ?? "")))")
      return
    }
    guard json.kind(of: value) == .string else { throw VaultError.malformed("\(path).value", "it is not text") }
    guard target == .secret ? row.secret == nil : row.fields[target] == nil else {
      throw VaultError.malformed(
        path, "the item has its \(target.rawValue) already",
        hint: "leave one out: \(step: .give(.mapping("LABEL", to: "-")))")
    }
    if target == .secret { row.secret = .json(value) } else { row.fields[target] = json.string(at: value) }
  }

  /// The field that one of a field's names stands for. Its label comes before its ID, because people choose labels. For
  /// each name the caller's map comes before the standard names.
  private func target(_ names: [String]) throws -> ImportField? {
    for name in names.reversed() {
      switch try map.field(name) {
      case .field(let field): return field
      case .leftOut: return nil
      case .unknown: continue
      }
    }
    return nil
  }
}
