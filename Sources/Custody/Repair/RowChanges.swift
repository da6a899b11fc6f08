internal import CustodyValues
internal import CustodyStore

/// What has to be done to a vault's rows so that they are those of its log.
struct RowChanges {
  /// As they lie in the vault, to be taken out.
  private(set) var out: [StoredRow] = []
  /// To be added then: recomputed from the log, put right, or a copy's.
  private(set) var put: [StoredRow] = []
  private(set) var takenBack = 0
  /// Rows that the log names and no source has.
  private(set) var lost: [RepairPlan.Loss] = []
  /// Of members' keys of older epochs, some are gone: which, in words, and the hash of what is left, for the entry.
  var olderKeysGone: (words: [String], sha256: Digest)?
  /// Tokens whose last exchange nobody knows any more.
  var doubted: [Identifier] = []

  mutating func takeOut(_ row: StoredRow) { out.append(row) }

  mutating func add(_ row: StoredRow) { put.append(row) }

  mutating func takeBack(_ row: StoredRow) {
    put.append(row)
    takenBack += 1
  }

  /// Of those that were added last.
  mutating func count(takenBack more: Int) { takenBack += more }

  mutating func lose(_ table: StoredTable, _ what: String) {
    lost.append(RepairPlan.Loss(table: table.rawValue, what: what))
  }
}

/// What the log says of the rows of one table, or of those of one item in it.
struct TableRule {
  let table: StoredTable
  /// Of the rows that must be there.
  let keys: [[StoredRow.Cell]]
  /// The row as it must be, for one that is right but for what follows from the log; nil for any other.
  let right: (StoredRow) throws -> StoredRow?
  /// What is in no row, in words.
  let words: ([StoredRow.Cell]) -> String

  init(
    _ table: StoredTable, _ keys: [[StoredRow.Cell]], words: @escaping ([StoredRow.Cell]) -> String,
    right: @escaping (StoredRow) throws -> StoredRow?
  ) {
    (self.table, self.keys, self.words, self.right) = (table, keys, words, right)
  }

  /// Of rows that follow from the log alone.
  init(_ table: StoredTable, _ rows: [StoredRow]) {
    let known = Dictionary(rows.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    self.init(table, rows.map(\.key), words: { _ in "" }, right: { known[$0.key] })
    made = { known[$0] }
  }

  private var made: ([StoredRow.Cell]) -> StoredRow? = { _ in nil }

  /// Holds the vault's rows against this, and takes from the copy what is not there or not right.
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
