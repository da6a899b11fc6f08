internal import Custody
internal import CustodyLog
internal import CustodyValues

/// A collector for files that have only keys and values, such as `.env`.
///
/// The map assigns a key to an item's field, as in `CRM_TOKEN=contoso/crm-sync#refresh-token`. A key that is itself a
/// token's name or `ITEM#FIELD` needs no entry in the map.
struct FlatImport {
  private let map: ImportMap
  private(set) var rows: [ImportRow] = []
  private(set) var leftOut: [String] = []
  private var places: [String: Int] = [:]

  init(map: ImportMap) { self.map = map }

  /// Adds one key. `text` is called only if the value is not secret.
  mutating func add(
    _ key: String, at place: ImportPlace, _ secret: SecretPlace, text: () -> String?
  ) throws {
    let given = map.targets[key]
    guard let target = try Self.target(given ?? key, isGiven: given != nil) else {
      leftOut.append(PrintableText.escape(key))
      return
    }
    let index = places[target.item] ?? rows.count
    if index == rows.count {
      var row = ImportRow(place: place)
      row.fields[.name] = target.item
      rows.append(row)
      places[target.item] = index
    }
    let isTwice =
      target.field == .secret ? rows[index].secret != nil : rows[index].fields[target.field] != nil
    guard !isTwice else {
      throw VaultError.malformed(place.text, "\(target.item)#\(target.field.rawValue) is there already")
    }
    guard target.field != .secret else {
      rows[index].secret = secret
      rows[index].place = place
      return
    }
    guard let text = text() else { throw VaultError.malformed(place.text, "it is not text") }
    rows[index].fields[target.field] = text
  }

  /// Adds a note that the file has beside a key's secret.
  mutating func note(_ text: String, of key: String) throws {
    guard let target = try Self.target(map.targets[key] ?? key, isGiven: false), target.field == .secret,
      let index = places[target.item], !text.isEmpty
    else { return }
    rows[index].fields[.note] = text
  }

  private static func target(_ text: String, isGiven: Bool) throws -> (item: String, field: ImportField)? {
    if text == "-" { return nil }
    let halves = text.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
    let parts = halves[0].utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isName = 1...2 ~= parts.count && parts.allSatisfy { Name.isValid($0) }
    if isName, halves.count == 2, let field = ImportField(flat: halves[1]) { return (halves[0], field) }
    // A key without a field is taken only if it is a token's name, with a slash; single words are too common.
    if isName, halves.count == 1, parts.count == 2 { return (halves[0], .secret) }
    guard isGiven else { return nil }
    throw VaultError(
      .usage, "the mapping names \"\(PrintableText.escape(text))\", which is no ITEM#FIELD",
      hint:
        "as in \(step: .give(.mapping("CRM_TOKEN", to: "contoso/crm-sync#refresh-token"))) \(step: .give(.mapping("CRM_ID", to: "crm-sync#connector-id")))"
    )
  }
}
