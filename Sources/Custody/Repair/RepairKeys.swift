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
  /// Epoch of the newest vault key that the member opens.
  let newest: UInt64

  /// More key pairs than a vault has in its life.
  private static let mostEpochs: UInt64 = 1 << 20

  init(
    _ sources: RepairSources, of vault: Identifier, _ member: Identifier, _ holder: any KeyHolder, in arena: SecureArena
  ) throws {
    (self.sources, self.vault, self.arena) = (sources, vault, arena)
    var (own, newest): ([UInt64: [Held]], UInt64) = ([:], 0)
    for row in try sources.wraps(of: member, upTo: Self.mostEpochs).compactMap(\.asKeyWrap) {
      guard let key: VaultKey = try? holder.unwrap(row.sealed, in: arena) else { continue }
      own[row.epoch, default: []].append(Held(key))
      newest = max(newest, row.epoch)
    }
    (self.own, self.newest) = (own, newest)
    guard newest > 0 else {
      throw VaultError(
        .integrity, "your envelope of the vault key is missing, or does not open",
        hint: sources.copy == nil
          ? "take it from an older copy of the vault, \"custody repair --from COPY\"; without one, \(Self.ask("another admin"))"
          : "name another copy with --from; without one, \(Self.ask("another admin"))")
    }
  }

  /// Who lost their own keys gets new ones of another admin: a change of role wraps new keys for everybody.
  static func ask(_ admin: String, for name: String = "NAME") -> String {
    "ask \(admin) to run \"custody repair\", and to have new keys made by giving you another role and this one again: "
      + "\"custody member role \(name) developer\", \"custody member role \(name) admin\""
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
    let key: [StoredRow.Cell] = [.count(epoch - 1), .integer(KeyWrapRow.Kind.vault.rawValue), .id(.none)]
    let links = try sources.rows(.keyWrap, key).compactMap(\.asKeyWrap)
    let context = SealContext(.previousVaultKey, vault: vault, row: [], version: epoch)
    return later.flatMap { held in
      links.compactMap { link in
        guard let key: VaultKey = try? held.key.openKey(link.sealed, context, in: arena) else { return nil }
        return Held(key)
      }
    }
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
