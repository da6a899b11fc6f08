public import CustodyEvidence
public import Custody
internal import CustodyLog
internal import CustodyValues

/// A plan for an import: connectors and tokens from a file's rows, checked as far as possible without the vault.
public struct ImportPlan: Sendable {
  /// A connector or token to be stored.
  public struct Item<Details: Sendable>: Sendable {
    /// Its place in the file.
    public let place: ImportPlace
    /// Its names and details.
    public var details: Details
    /// Length of its secret in bytes.
    public let byteCount: Int
    let secret: SecretPlace
  }

  /// Values for rows that leave a field out: `--provider`, `--reach`.
  public struct Defaults: Sendable {
    /// ID of the provider of connectors.
    public var provider: String?
    /// Reach of tokens.
    public var reach: Reach?

    /// Creates defaults. Nil means none: a row without the field is an error.
    public init(provider: String? = nil, reach: Reach? = nil) { (self.provider, self.reach) = (provider, reach) }
  }

  /// The connectors, in the order of the file.
  public internal(set) var connectors: [Item<ConnectorDetails>] = []
  /// The tokens, in the order of the file.
  public internal(set) var tokens: [Item<TokenDetails>] = []

  /// Checks a file's rows: names, fields, secrets and duplicates.
  ///
  /// - Parameters:
  ///   - file: The parsed file.
  ///   - format: Its format. Other tools' fields are read less strictly.
  ///   - defaults: Values for rows that leave a field out.
  /// - Throws: `VaultError` with the code `badInput` and the place of the first row that is wrong.
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

  /// Changes the connectors' details, for example to add a preset of the provider's own.
  package mutating func update<E: Error>(_ change: (ImportPlace, inout ConnectorDetails) throws(E) -> Void) throws(E) {
    for index in connectors.indices { try change(connectors[index].place, &connectors[index].details) }
  }
}
