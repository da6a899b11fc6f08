import Custody
import CustodyCrypto
import CustodyLog
import CustodySecrets
import CustodyValues
import CustodyTesting
import Foundation

/// Vault keys of several epochs, as a session has them.
final class FoldKeys: FoldKeyHolder {
  let arena: SecureArena
  var foldEpoch: UInt64
  /// They were removed: they have the keys up to here.
  var newest: UInt64 = .max

  init(epoch: UInt64 = 1) throws {
    arena = try SecureArena()
    foldEpoch = epoch
  }

  private func key(_ epoch: UInt64) throws -> VaultKey {
    guard epoch <= newest else { throw VaultError(.notPermitted, "no key") }
    return try VaultKey(
      copying: SecureBytes(copying: [UInt8](repeating: UInt8(truncatingIfNeeded: epoch), count: 32)), in: arena)
  }

  func seal(_ other: borrowing FoldKey, _ context: SealContext, epoch: UInt64) throws -> [UInt8] {
    try key(epoch).seal(other, context)
  }

  func openFoldKey(_ sealed: [UInt8], _ context: SealContext, epoch: UInt64) throws -> FoldKey {
    try key(epoch).openKey(sealed, context, in: arena)
  }
}

/// A folder of its own with one kept fold, whose rows are what `value` says.
final class FoldPlace {
  static let vault = Identifier([UInt8](repeating: 7, count: 16)) ?? .none
  static let other = Identifier([UInt8](repeating: 8, count: 16)) ?? .none
  static let state: [UInt8] = Array("what is in no row".utf8)
  let folder: String
  let path: String
  let keys: FoldKeys

  init() throws {
    folder = try TemporaryVault.makeFolder()
    path = folder + "/vault.fold"
    keys = try FoldKeys()
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  static func key(_ number: Int) -> [UInt8] { Array(SHA256.hash(Array("key \(number)".utf8)).bytes.prefix(16)) }
  static func value(_ number: Int, _ round: Int = 0) -> [UInt8] { Array("value \(number) of round \(round)".utf8) }
  /// The name of a member, which must not be readable in the file.
  static func name(_ number: Int) -> [UInt8] { Array("member-\(number)".utf8) }

  static func head(_ size: UInt64, items: Int, names: Int = 0) -> FoldHead {
    FoldHead(
      size: size, root: SHA256.hash([UInt8(truncatingIfNeeded: size)]), counts: [1: items, 129: names], state: state)
  }

  static func items(_ numbers: Range<Int>, round: Int = 0) -> [FoldChange] {
    numbers.map { FoldChange(table: 1, key: key($0), value: value($0, round)) }
  }

  /// Made as a first fold makes it.
  @discardableResult
  func make(_ count: Int, names: Int = 0, of vault: Identifier = FoldPlace.vault, size: UInt64 = 10) throws -> KeptFold?
  {
    let draft = try FoldDrafting(for: path, of: vault, in: keys.arena)
    draft.add(Self.items(0..<count), counts: [1: count], size: size)
    let members = (0..<names).map { FoldChange(table: 129, key: Self.name($0), value: Self.value($0)) }
    draft.add(members, counts: [1: count, 129: names], size: size)
    return draft.finish(Self.head(size, items: count, names: names), keys)
  }

  func open(of vault: Identifier = FoldPlace.vault) -> KeptFold? { KeptFold(at: path, of: vault, keys) }

  /// Each value, read by itself; nil for what is not found.
  func values(_ kept: KeptFold, _ count: Int) -> [[UInt8]?] {
    (0..<count).map { kept.read(table: 1, key: Self.key($0)) }
  }

  static func table(on rows: any FoldBacking) -> FoldTable<Identifier, UInt64> {
    var table = FoldTable<Identifier, UInt64>(1)
    table.rebase(onto: rows)
    return table
  }

  static func walk(_ kept: some FoldBacking, table: UInt8 = 1) -> [[UInt8]: [UInt8]] {
    var (all, place): ([[UInt8]: [UInt8]], [UInt8]) = ([:], [])
    while true {
      let page = kept.page(table: table, after: place)
      for row in page.rows { all[row.key] = row.value }
      guard let next = page.next else { return all }
      place = next
    }
  }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }
}
