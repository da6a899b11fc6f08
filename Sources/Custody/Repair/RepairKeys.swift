internal import CustodyCrypto
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

/// The vault keys that one member opens by the rows of a damaged vault and of a copy. Nothing says which row is the right
/// one: an entry that opens under a key does.
final class RepairKeys {
  private final class Held {
    let key: VaultKey
    init(_ key: consuming VaultKey) { self.key = key }
  }

  private let sources: RepairSources
  private let vault: Identifier
  private let arena: SecureArena
  private var own: [UInt64: [Held]] = [:]
  private var known: [UInt64: [Held]] = [:]
  private let newest: UInt64

  /// More key pairs than a vault has in its life.
  private static let mostEpochs: UInt64 = 1 << 20

  init(
    _ sources: RepairSources, of vault: Identifier, _ member: Identifier, _ holder: any KeyHolder, in arena: SecureArena
  ) throws {
    (self.sources, self.vault, self.arena) = (sources, vault, arena)
    var (own, newest): ([UInt64: [Held]], UInt64) = ([:], 0)
    for row in try sources.all(.keyWrap).compactMap(\.asKeyWrap) {
      guard row.recipient == member, row.kind == .vault, row.epoch <= Self.mostEpochs,
        let key: VaultKey = try? holder.unwrap(row.sealed, in: arena)
      else { continue }
      own[row.epoch, default: []].append(Held(key))
      newest = max(newest, row.epoch)
    }
    (self.own, self.newest) = (own, newest)
    guard newest > 0 else {
      throw VaultError(
        .integrity, "your envelope of the vault key is missing, or does not open",
        hint: "take it from an older copy of the vault: \"custody repair --from COPY\"")
    }
  }

  /// Nil where no key of that epoch opens it.
  func open(_ row: EntryRow, epoch: UInt64) throws -> [UInt8]? {
    for held in try keys(epoch) {
      let context = SealContext.entry(row.position, epoch, vault: vault)
      if let text = try? held.key.open(row.sealed, context) { return text }
    }
    return nil
  }

  private func keys(_ epoch: UInt64) throws -> [Held] {
    if let found = known[epoch] { return found }
    guard epoch <= newest else { return [] }
    var found: [Held] = []
    // From the newest epoch down, so that a long log of keys is no deep recursion.
    for number in stride(from: newest, through: epoch, by: -1) {
      found = try known[number] ?? (own[number] ?? []) + before(number + 1, known[number + 1] ?? [])
      known[number] = found
    }
    return found
  }

  /// The key before, which lies sealed under that of an epoch.
  private func before(_ epoch: UInt64, _ later: [Held]) throws -> [Held] {
    guard !later.isEmpty else { return [] }
    let links = try sources.some(.keyWrap, .count(epoch - 1)).compactMap(\.asKeyWrap).filter {
      $0.kind == .vault && $0.recipient == .none
    }
    let context = SealContext(.previousVaultKey, vault: vault, row: [], version: epoch)
    return later.flatMap { held in
      links.compactMap { link in
        guard let key: VaultKey = try? held.key.openKey(link.sealed, context, in: arena) else { return nil }
        return Held(key)
      }
    }
  }
}

/// Where rows may be taken from: the vault, and a copy of it if there is one.
struct RepairSources {
  let vault: Store
  let copy: Store?

  var stores: [Store] { [vault] + (copy.map { [$0] } ?? []) }

  /// The vault's rows first.
  func all(_ table: StoredTable) throws -> [StoredRow] {
    var rows: [StoredRow] = []
    for store in stores { try store.eachStored(table) { rows.append($0) } }
    return rows
  }

  func some(_ table: StoredTable, _ first: StoredRow.Cell) throws -> [StoredRow] {
    try stores.flatMap { try $0.stored(table, first) }
  }

  /// All that is read from both is of one moment. What `body` does not commit is not done.
  func within<R: ~Copyable>(_ transaction: CustodyStore.Transaction, _ body: () throws -> R) throws -> R {
    try vault.begin(transaction)
    defer { vault.rollback() }
    try copy?.begin(.read)
    defer { copy?.rollback() }
    return try body()
  }
}

extension SealContext {
  /// Of an entry in the log.
  static func entry(_ position: UInt64, _ epoch: UInt64, vault: Identifier) -> SealContext {
    var row: [UInt8] = []
    for shift in 0..<8 { row.append(UInt8(truncatingIfNeeded: position >> UInt64(8 * shift))) }
    return SealContext(.entry, vault: vault, row: row, version: epoch)
  }
}
