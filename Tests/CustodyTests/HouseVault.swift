import CustodyEvidence
import CustodyCrypto
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation

@testable import Custody

/// A vault in which everything has been done once, made once a process; each case works on a copy of its file.
final class HouseVault: @unchecked Sendable {
  static let shared = Result { try HouseVault(.first) }
  /// The same people and passphrases, and nothing else in common.
  static let other = Result { try HouseVault(.second) }

  let vault: TemporaryVault
  let file: String
  /// Unlocked once: a passphrase costs more than a case.
  private let holders: [Person: any KeyHolder]
  private(set) var baseline: [Person: HouseBaseline] = [:]
  private(set) var kinds: [Identifier: ItemKind] = [:]
  private(set) var epoch: UInt64 = 0

  /// Which item ill-meant entries are about, and one of which a value was replaced unseen.
  static func target(_ kind: ItemKind) -> String { kind == .connector ? "mail" : "fabrikam/mail" }
  static func seen(_ kind: ItemKind) -> String { kind == .connector ? "seen" : "seen/mail" }

  private init(_ story: TemporaryVault.Story) throws {
    vault = try TemporaryVault(story)
    try vault.furnish()
    try vault.addConnectors()
    try vault.addTokens()
    try vault.changeEverything()
    file = try vault.copy("house.db")
    var holders: [Person: any KeyHolder] = [:]
    for (person, id) in vault.people {
      holders[person] = try Vault.open(at: file).identity(of: id, by: .passphrase(secret(person.passphrase)))
    }
    self.holders = holders
    let sound = try copy()
    epoch = try sound.session(.ada).core.history.epoch
    for person in Person.allCases { baseline[person] = try HouseBaseline(sound.session(person)) }
    for item in try sound.session(.ada).core.history.items { kinds[item.id] = item.kind }
  }

  func copy() throws -> HouseCopy {
    let folder = vault.folder + "/" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: file, toPath: folder + "/vault.db")
    return HouseCopy(vault, holders, folder)
  }
}

/// One case's own copy; gone with it.
final class HouseCopy {
  let folder: String
  var path: String { folder + "/vault.db" }
  /// True if machines keep pins of the vault.
  var keepsPins = false
  fileprivate let vault: TemporaryVault
  fileprivate let holders: [Person: any KeyHolder]

  init(_ vault: TemporaryVault, _ holders: [Person: any KeyHolder], _ folder: String) {
    (self.vault, self.holders, self.folder) = (vault, holders, folder)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func session(_ person: Person) throws -> Session {
    guard let holder = holders[person], let id = vault.people[person] else { throw VaultError(.notFound, "nobody") }
    let clock = vault.clock
    return try Vault.open(at: path, now: { clock.now() }).unlock(
      as: id, with: holder, genesis: vault.genesis,
      pins: keepsPins ? PinFolder(path: folder + "/" + person.rawValue) : nil)
  }
}

extension HouseCopy {
  /// Repairs the copy as ada, with rows of the sound vault.
  func repair(from sound: String) throws {
    guard let holder = holders[.ada], let id = vault.people[.ada] else { throw VaultError(.notFound, "nobody") }
    let clock = vault.clock
    let repair = try DamagedVault.open(at: path, from: sound, now: { clock.now() }).unlock(
      as: id, of: Vault.open(at: sound).id, with: holder, genesis: vault.genesis, pins: nil)
    let plan = try repair.plan()
    if !plan.isNothing { _ = try repair.carryOut(plan, cut: nil) }
  }
}

/// A member's view of the sound vault.
struct HouseBaseline {
  let items: Set<Identifier>
  /// Items that they hold and open.
  let held: [(kind: ItemKind, id: Identifier, name: String)]
  let size: UInt64

  init(_ session: borrowing Session) throws {
    var all: [(kind: ItemKind, id: Identifier, name: String)] = []
    var items: Set<Identifier> = []
    func note(_ item: Item, _ name: String) {
      items.insert(item.id)
      if !item.isRetired { all.append((item.kind, item.id, name)) }
    }
    for one in try session.connectors() { note(one.item, one.details.name) }
    for one in try session.tokens() { note(one.item, one.details.name) }
    var held: [(kind: ItemKind, id: Identifier, name: String)] = []
    for one in all where try session.opensValue(of: one.kind, one.name) { held.append(one) }
    (self.items, self.held, size) = (items, held, session.logSize)
  }
}

extension TemporaryVault {
  fileprivate func addConnectors() throws {
    let dev = try session(.dev)
    let until = clock.now().adding(milliseconds: 90 * 86_400_000)
    for name in ["mail", "seen", "old"] {
      try dev.commit {
        try $0.register(
          ConnectorDetails(name: name, provider: "google", connectorID: "g-1"), secret: secret("GSECRET"),
          expires: until)
      }
    }
    try dev.commit {
      try $0.share(.connector, "mail", Share(with: "ada", reason: "for mail"))
      try $0.share(.connector, "mail", Share(with: "bea"))
      try $0.share(.connector, "crm-sync", Share(with: "ada"))
      try $0.share(.connector, "crm-sync", Share(with: "bea"))
      try $0.share(.connector, "seen", Share(with: "bea"))
      try $0.retire(.connector, "old", reason: "not used")
    }
  }

  fileprivate func addTokens() throws {
    let until = clock.now().adding(milliseconds: 90 * 86_400_000)
    func details(_ tenant: String) -> TokenDetails {
      TokenDetails(tenant: tenant, connector: "mail", provider: "google", reach: .user)
    }
    try session(.ada).commit {
      try $0.store(details("fabrikam"), secret: secret("google-1"), expires: until)
      try $0.share(.token, "fabrikam/mail", Share(with: "dev", reason: "nightly"))
      try $0.share(.token, "fabrikam/mail", Share(with: "bea"))
      try $0.share(.token, "contoso/crm-sync", Share(with: "dev", reason: "nightly sync"))
      try $0.share(.token, "contoso/crm-sync", Share(with: "bea"))
    }
    try session(.bea).commit { try $0.store(details("seen"), secret: secret("google-2")) }
  }

  /// A value before each newest one, two epochs more, a new metadata key, values replaced unseen, an exchange, cosignatures
  /// and a request.
  fileprivate func changeEverything() throws {
    let ada = try session(.ada)
    let dev = try session(.dev)
    try dev.commit {
      try $0.rotate(.connector, "mail", secret: secret("GSECRET-2"))
      try $0.rotate(.connector, "crm-sync", secret: secret("SECRET-2"))
    }
    try ada.commit {
      try $0.rotate(.token, "fabrikam/mail", secret: secret("google-3"))
      try $0.rotate(.connector, "seen", secret: secret("GSECRET-3"), .takingOver())
      try $0.rotate(.token, "seen/mail", secret: secret("google-4"), .takingOver())
      _ = try $0.setRole(of: "dev", to: .admin)
      _ = try $0.setRole(of: "dev", to: .developer)
      _ = try $0.unshare(.token, "contoso/crm-sync", from: "dev", reason: "not needed")
      try $0.share(.token, "contoso/crm-sync", Share(with: "dev", reason: "needed"))
    }
    _ = try dev.reveal("contoso/crm-sync", how: .pipe)
    let claim = try dev.claim("contoso/crm-sync")
    let answer = ExchangeAnswer(
      accessToken: try secret("access"), refreshToken: try secret("refresh-token-3"),
      facts: .init(obtained: clock.now()))
    _ = try dev.finishExchange(claim, how: .pipe, answer)
    if let shown = try CheckpointRequest.Shown(dev.checkpoint().bytes) {
      for person in [Person.ada, .bea] { _ = try session(person).cosign(shown) }
    }
    _ = try Vault.open(at: path).join(
      Applicant("carl", .developer), by: .passphrase(secret("carl's own four words")), hardness: .floor)
  }
}
