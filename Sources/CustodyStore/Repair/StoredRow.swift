package import CustodyValues

/// A row of any table as it is in the file, whatever its cells hold. The typed rows are read from it as from a
/// query's.
package final class StoredRow: Row, Sendable {
  package enum Cell: Hashable, Sendable {
    case null
    case integer(Int64)
    case blob([UInt8])
    case text(String)

    package static func count(_ count: UInt64) -> Cell { .integer(Int64(exactly: count) ?? -1) }
    package static func id(_ id: Identifier) -> Cell { .blob(id.bytes) }
    package static func digest(_ digest: Digest) -> Cell { .blob(digest.bytes) }
    /// 32 zero bytes, which are the hash of no row.
    static let noDigest = Cell.blob([UInt8](repeating: 0, count: 32))
    package static func optional(_ blob: [UInt8]?) -> Cell { blob.map(Cell.blob) ?? .null }

    var value: Value {
      switch self {
      case .null: .null
      case .integer(let integer): .integer(integer)
      case .blob(let bytes): .blob(bytes)
      case .text(let text): .text(text)
      }
    }
  }

  package let place: StoredTable
  package let cells: [Cell]

  package init(_ place: StoredTable, _ cells: [Cell]) { (self.place, self.cells) = (place, cells) }

  init(_ row: any Row, of place: StoredTable) throws(StoreError) {
    self.place = place
    var cells: [Cell] = []
    for column in place.columns.indices { cells.append(try Self.cell(row, column)) }
    self.cells = cells
  }

  private static func cell(_ row: any Row, _ column: Int) throws(StoreError) -> Cell {
    if row.isNull(column) { return .null }
    if let bytes = try? row.blob(column) { return .blob(bytes) }
    if let integer = try? row.integer(column) { return .integer(integer) }
    return .text(try row.text(column))
  }

  package var key: [Cell] { Array(cells.prefix(place.keys)) }

  package func isSame(as other: StoredRow) -> Bool { place == other.place && cells == other.cells }

  // MARK: As a query's row

  package var table: StaticString { place.layout.all.table }

  package func isNull(_ column: Int) -> Bool { cells[column] == .null }

  package func integer(_ column: Int) throws(StoreError) -> Int64 {
    guard case .integer(let integer) = cells[column] else { throw malformed }
    return integer
  }

  package func blob(_ column: Int) throws(StoreError) -> [UInt8] {
    guard case .blob(let bytes) = cells[column] else { throw malformed }
    return bytes
  }

  package func text(_ column: Int) throws(StoreError) -> String {
    guard case .text(let text) = cells[column] else { throw malformed }
    return text
  }

  package func digest(_ column: Int) throws(StoreError) -> Digest {
    guard let digest = Digest(try blob(column)) else { throw malformed }
    return digest
  }
}

/// The typed rows; nil if a cell does not hold what its column should.
extension StoredRow {
  package var asMember: MemberRow? { try? MemberRow(self) }
  package var asRequest: RequestRow? { try? RequestRow(self) }
  package var asKeyWrap: KeyWrapRow? { try? KeyWrapRow(with(.noDigest, for: 5)) }
  package var asRevision: RevisionRow? { try? RevisionRow(with(.integer(0), for: 3)) }
  package var asEnvelope: EnvelopeRow? { try? EnvelopeRow(with(.noDigest, for: 6)) }
  package var asMetadataKey: MetadataKeyRow? { try? MetadataKeyRow(self) }
  package var asNote: NoteRow? { try? NoteRow(self) }
  package var asEntry: EntryRow? { try? EntryRow(with(.integer(0), for: 1)) }
  package var asCheckpoint: CheckpointRow? { try? CheckpointRow(self) }
  package var asExchange: ExchangeRow? { try? ExchangeRow(self) }
  /// Replaces a cell by the value that the log knows, if its column can't hold it. The sealed value beside it may
  /// still be right.
  private func with(_ cell: Cell, for column: Int) -> StoredRow {
    let isReadable =
      switch cells[column] {
      case .integer(let integer): integer >= 0 && cell != .noDigest
      case .blob(let bytes): bytes.count == 32 && cell == .noDigest
      default: false
      }
    guard !isReadable else { return self }
    var cells = cells
    cells[column] = cell
    return StoredRow(place, cells)
  }

  /// The vault's ID, of the one row of its table.
  package var asVaultID: Identifier? { try? identifier(1) }
}

extension StoredRow {
  package convenience init(_ row: MemberRow) {
    let seed = row.seed
    self.init(
      .member,
      [
        .id(row.id), .count(seed.passes), .count(seed.memory), .blob(seed.salt), .count(seed.keyFile),
        .blob(seed.seed), .optional(row.request),
      ])
  }

  package convenience init(_ row: KeyWrapRow) {
    self.init(
      .keyWrap,
      [
        .id(row.recipient), .count(row.sealedIn), .count(row.epoch), .integer(row.kind.rawValue),
        .optional(row.sealed), .digest(row.sha256),
      ])
  }

  package convenience init(_ row: ItemRow) {
    self.init(
      .item,
      [
        .id(row.id), .integer(row.kind.rawValue), row.tag.map(Cell.digest) ?? .null, .count(row.revision),
        .count(row.generation), .count(row.metadataGeneration), .count(row.details),
      ])
  }

  package convenience init(_ row: RevisionRow) {
    self.init(
      .revision,
      [.id(row.item), .count(row.revision), .count(row.generation), .count(row.entry), .optional(row.secret)])
  }

  package convenience init(_ row: EnvelopeRow) {
    self.init(
      .envelope,
      [
        .id(row.item), .integer(row.kind.rawValue), .count(row.generation), .id(row.recipient), .count(row.entry),
        .optional(row.sealed), .digest(row.sha256),
      ])
  }

  package convenience init(_ row: MetadataKeyRow) {
    self.init(.metadataKey, [.id(row.item), .count(row.generation), .blob(row.previous)])
  }

  package convenience init(_ row: NoteRow) {
    self.init(
      .note,
      [.count(row.entry), .integer(row.kind.rawValue), .id(row.item), .count(row.generation), .blob(row.sealed)])
  }

  package convenience init(_ row: EntryRow) {
    self.init(.logEntry, [.count(row.position), .count(row.epoch), .blob(row.sealed)])
  }

  /// The stored form of a node; nil for a node that no tree has.
  package convenience init?(_ row: NodeRow) {
    guard let place = NodeRow.place(level: row.level, number: row.number) else { return nil }
    self.init(.logNode, [.count(place), .digest(row.hash)])
  }

  package convenience init(_ row: CheckpointRow) {
    self.init(.checkpoint, [.count(row.size), .id(row.signer), .digest(row.root), .blob(row.signature)])
  }

  package convenience init(_ row: VaultRow) {
    self.init(.vault, [.integer(1), .id(row.id), .digest(row.auditKey)])
  }
}
