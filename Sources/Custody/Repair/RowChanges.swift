internal import CustodyValues
internal import CustodyStore

/// The changes that make a vault's rows match its log.
struct RowChanges {
  /// Rows to be taken out, as stored.
  private(set) var out: [StoredRow] = []
  /// Rows to be inserted afterwards: recomputed from the log, corrected, or taken from the copy.
  private(set) var put: [StoredRow] = []
  /// Number of inserted rows that come from the copy.
  private(set) var takenBack = 0
  /// Rows that the log names and no source has.
  private(set) var lost: [RepairPlan.Loss] = []
  /// Members' wrapped keys of older epochs of which some are gone: a description of each, and for the repair's entry a
  /// hash of those left.
  var olderKeysGone: (words: [String], sha256: Digest)?
  /// IDs of tokens whose last exchange is no longer known.
  var doubted: [Identifier] = []

  mutating func takeOut(_ row: StoredRow) { out.append(row) }

  mutating func add(_ row: StoredRow) { put.append(row) }

  mutating func takeBack(_ row: StoredRow) {
    put.append(row)
    takenBack += 1
  }

  /// Counts rows that were just added as taken from the copy.
  mutating func count(takenBack more: Int) { takenBack += more }

  mutating func lose(_ table: StoredTable, _ what: String) {
    lost.append(RepairPlan.Loss(table: table.rawValue, what: what))
  }
}

/// A rule for the rows of one table: which must be present, and how each must look.
struct TableRule {
  let table: StoredTable
  /// Keys of the rows that must be present.
  let keys: [[StoredRow.Cell]]
  /// Returns the row as it must be, if only fields that follow from the log can be wrong in it; nil for any other row.
  let right: (StoredRow) throws -> StoredRow?
  /// Describes a row that no source has.
  let words: ([StoredRow.Cell]) -> String

  init(
    _ table: StoredTable, _ keys: [[StoredRow.Cell]], words: @escaping ([StoredRow.Cell]) -> String,
    right: @escaping (StoredRow) throws -> StoredRow?
  ) {
    (self.table, self.keys, self.words, self.right) = (table, keys, words, right)
  }

  /// Makes a rule for rows that follow from the log alone.
  init(_ table: StoredTable, _ rows: [StoredRow]) {
    let known = Dictionary(rows.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    self.init(table, rows.map(\.key), words: { _ in "" }, right: { known[$0.key] })
    made = { known[$0] }
  }

  private var made: ([StoredRow.Cell]) -> StoredRow? = { _ in nil }

  /// Compares the vault's rows with this rule, and takes missing or wrong ones from the copy.
  func settle(_ rows: [StoredRow], _ sources: RepairSources, _ changes: inout RowChanges) throws {
    var settling = Settling(self)
    for row in rows { try settling.meet(row, &changes) }
    try settling.finish(sources, &changes)
  }

  func settle(_ sources: RepairSources, _ changes: inout RowChanges) throws {
    var settling = Settling(self)
    try sources.vault.eachStored(table) { try settling.meet($0, &changes) }
    try settling.finish(sources, &changes)
  }

  private struct Settling {
    private let rule: TableRule
    private var wanted: Set<[StoredRow.Cell]>

    init(_ rule: TableRule) { (self.rule, wanted) = (rule, Set(rule.keys)) }

    mutating func meet(_ row: StoredRow, _ changes: inout RowChanges) throws {
      guard wanted.contains(row.key), let right = try rule.right(row) else { return changes.takeOut(row) }
      wanted.remove(row.key)
      guard !right.isSame(as: row) else { return }
      changes.takeOut(row)
      changes.add(right)
    }

    func finish(_ sources: RepairSources, _ changes: inout RowChanges) throws {
      for key in rule.keys where wanted.contains(key) {
        if let made = rule.made(key) {
          changes.add(made)
        } else if let found = try sources.copy?.row(rule.table, key), let right = try rule.right(found) {
          changes.takeBack(right)
        } else {
          changes.lose(rule.table, rule.words(key))
        }
      }
    }
  }
}
