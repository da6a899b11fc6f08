internal import CustodyCrypto
internal import CustodyLog
internal import CustodySecrets
internal import CustodyValues
internal import CustodyStore

/// The vault keys that one member can open from rows of a damaged vault and of a copy. No row says whether it is right:
/// a key is right if an entry opens under it.
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
  /// Vault keys sealed under a later epoch's key, by the epoch of the key inside.
  private var links: [UInt64: [KeyWrapRow]] = [:]
  /// The epoch of the newest vault key that the member opens.
  let newest: UInt64

  /// More epochs than a vault will ever have.
  private static let mostEpochs: UInt64 = 1 << 20

  init(
    _ sources: RepairSources, of vault: Identifier, _ member: Identifier, _ holder: any KeyHolder, in arena: SecureArena
  ) throws {
    (self.sources, self.vault, self.arena) = (sources, vault, arena)
    var (own, newest): ([UInt64: [Held]], UInt64) = ([:], 0)
    for row in try sources.wraps(of: .none).compactMap(\.asKeyWrap)
    where row.kind == .vault && row.sealedIn > row.epoch { links[row.epoch, default: []].append(row) }
    for row in try sources.wraps(of: member).compactMap(\.asKeyWrap)
    where row.kind == .vault && row.epoch <= Self.mostEpochs {
      guard let sealed = row.sealed, let key: VaultKey = try? holder.unwrap(sealed, in: arena) else { continue }
      own[row.epoch, default: []].append(Held(key))
      newest = max(newest, row.epoch)
    }
    (self.own, self.newest) = (own, newest)
    guard newest > 0 else {
      throw VaultError(
        .integrity, "your envelope of the vault key is missing, or does not open",
        hint: sources.copy == nil
          ? "take it from an older copy of the vault, \(step: .repairFromCopy); without one, \(Self.ask("another admin"))"
          : "name another copy with \(step: .use(.copy)); without one, \(Self.ask("another admin"))")
    }
  }

  /// Returns a hint for a member who lost their own wrapped keys: another admin changes their role, which wraps new
  /// keys for everyone.
  static func ask(_ admin: String, for name: String? = nil) -> Hint {
    "ask \(admin) to run \(step: .repair), and to have new keys made by giving you another role and this one again: "
      + "\(step: .changeRole(of: name, to: .developer)), \(step: .changeRole(of: name, to: .admin))"
  }

  /// Opens an entry. Nil if no key of that epoch opens it.
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
    // Goes down from the newest epoch, to avoid recursion as deep as the number of epochs.
    for number in stride(from: newest, through: epoch, by: -1) {
      found = known[number] ?? (own[number] ?? []) + linked(number)
      known[number] = found
    }
    return found
  }

  /// Opens the keys of an epoch that are sealed under later epochs' keys.
  private func linked(_ epoch: UInt64) -> [Held] {
    var found: [Held] = []
    for link in links[epoch] ?? [] {
      let context = SealContext(.olderVaultKey, vault: vault, row: epoch.littleEndianBytes, version: link.sealedIn)
      for held in known[link.sealedIn] ?? [] {
        guard let sealed = link.sealed, let key: VaultKey = try? held.key.openKey(sealed, context, in: arena) else {
          continue
        }
        found.append(Held(key))
      }
    }
    return found
  }
}

extension SealContext {
  /// The context of a sealed log entry.
  static func entry(_ position: UInt64, _ epoch: UInt64, vault: Identifier) -> SealContext {
    SealContext(.entry, vault: vault, row: position.littleEndianBytes, version: epoch)
  }
}
