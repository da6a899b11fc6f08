public import CustodyEvidence
public import Custody
internal import CustodyLog
internal import CustodyValues

/// What becomes of a file's rows: connectors and tokens, each checked as far as the file alone shows it.
public struct ImportPlan: Sendable {
  public struct Item<Details: Sendable>: Sendable {
    public let place: ImportPlace
    public var details: Details
    /// Of its secret.
    public let byteCount: Int
    let secret: SecretPlace
  }

  /// What a row that does not say so is: `--provider`, `--reach`.
  public struct Defaults: Sendable {
    public var provider: String?
    public var reach: Reach?

    public init(provider: String? = nil, reach: Reach? = nil) { (self.provider, self.reach) = (provider, reach) }
  }

  public internal(set) var connectors: [Item<ConnectorDetails>] = []
  public internal(set) var tokens: [Item<TokenDetails>] = []

  public init(_ file: ImportFile, _ format: ImportFormat, _ defaults: Defaults) throws(VaultError) {
    var places: [String: ImportPlace] = [:]
    let isForeign = format == .keepassCSV || format == .op
    for row in file.rows {
      let reader = ImportRowReader(
        row: row, isForeign: isForeign, hasLongNotes: isForeign || format == .bws, defaults: defaults)
      let name = try reader.name(in: file)
      let kind = try reader.kind(of: name, in: file)
      if let before = places.updateValue(row.place, forKey: name) {
        throw .malformed(row.place.text, "\(before.text) is a \(kind.rawValue) \"\(name)\" already")
      }
      let (secret, count) = try reader.secret(in: file)
      switch kind {
      case .connector:
        let details = try reader.connector(name, in: file)
        connectors.append(Item(place: row.place, details: details, byteCount: count, secret: secret))
      case .token:
        let details = try reader.token(name, in: file)
        tokens.append(Item(place: row.place, details: details, byteCount: count, secret: secret))
      }
    }
    guard !file.rows.isEmpty else {
      throw .malformed(
        "the file", "there is nothing in it to import",
        hint: "say what its keys are: \(step: .give(.mapping("KEY", to: "ITEM#FIELD")))")
    }
  }

  /// Changes one connector's details, as where its provider's own preset goes along.
  package mutating func update<E: Error>(_ change: (ImportPlace, inout ConnectorDetails) throws(E) -> Void) throws(E) {
    for index in connectors.indices { try change(connectors[index].place, &connectors[index].details) }
  }
}
