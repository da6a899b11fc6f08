import CustodyEvidence
import Custody
import CustodyLog
import CustodySecrets
import CustodyValues
import Foundation

/// The members of every test vault, each with a passphrase of their own.
public enum Person: String, CaseIterable, Sendable {
  case ada, dev, audrey, bea

  public var role: Role {
    switch self {
    case .ada, .bea: .admin
    case .dev: .developer
    case .audrey: .auditor
    }
  }

  public var passphrase: String { "\(rawValue)'s own four words" }
}

/// A clock that a test sets.
public final class TestClock: @unchecked Sendable {
  private let lock = NSLock()
  private var time = Timestamp(milliseconds: 1_795_000_000_000)

  public init() {}

  public func now() -> Timestamp { lock.withLock { time } }
  public func set(_ now: Timestamp) { lock.withLock { time = now } }
  public func advance(days: Int64) { lock.withLock { time = time.adding(milliseconds: days * 86_400_000) } }
}

/// A vault for one test, founded by ada and joined by dev, audrey and bea. It is removed with its folder at the end.
/// Its holders' keys are immutable, so any thread may read them.
public final class TemporaryVault: @unchecked Sendable {
  public let folder: String
  public let path: String
  public let people: [Person: Identifier]
  public let genesis: Digest
  public let clock = TestClock()
  /// The members' keys, unlocked once per process: a passphrase costs more than most tests.
  private let holders: [Person: any KeyHolder]

  /// Copies a vault that is founded once per process, since founding costs seven Argon2id runs.
  public init(_ story: Story = .first) throws {
    let template = try (story == .first ? Self.first : Self.second).get()
    folder = try Self.makeFolder()
    path = folder + "/vault.db"
    (people, holders) = (template.people, template.holders)
    genesis = template.genesis
    for end in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: template.path + end) {
      try FileManager.default.copyItem(atPath: template.path + end, toPath: path + end)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  public static func makeFolder() throws -> String {
    let folder = NSTemporaryDirectory() + "custody-test-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    return folder
  }

  private struct Template: @unchecked Sendable {
    let path: String
    let people: [Person: Identifier]
    let holders: [Person: any KeyHolder]
    let genesis: Digest
  }

  /// One of two vaults that share people and passphrases and nothing else.
  public enum Story: Sendable { case first, second }
  private static let first = Result { try makeTemplate() }
  private static let second = Result { try makeTemplate() }

  private static func makeTemplate() throws -> Template {
    let path = try makeFolder() + "/vault.db"
    let clock = TestClock()
    var founding = Founding(founder: "ada")
    founding.hardness = .floor
    let founded = try Vault.found(
      at: path, founding, by: .passphrase(secret(Person.ada.passphrase)), now: { clock.now() })
    var people = [Person.ada: founded.member]
    for person in [Person.dev, .audrey, .bea] {
      let vault = try Vault.open(at: path)
      people[person] = try vault.join(
        Applicant(person.rawValue, person.role), by: .passphrase(secret(person.passphrase)), hardness: .floor
      ).member
    }
    let session = try Vault.open(at: path, now: { clock.now() }).unlock(
      as: founded.member, by: .passphrase(secret(Person.ada.passphrase)), pins: .unpinned)
    for pending in try session.requests() {
      try session.commit { try $0.approve(pending.request.member, fingerprint: pending.fingerprint) }
    }
    var holders: [Person: any KeyHolder] = [:]
    for (person, id) in people {
      holders[person] = try Vault.open(at: path).identity(of: id, by: .passphrase(secret(person.passphrase)))
    }
    return Template(path: path, people: people, holders: holders, genesis: founded.genesis)
  }

  /// Unlocks as a person, on a machine that remembers the vault in `pins`; with nil it remembers nothing.
  public func session(_ person: Person, pins: PinFolder? = nil) throws -> Session {
    guard let id = people[person], let holder = holders[person] else {
      throw VaultError(.notFound, "no such person in this story")
    }
    let clock = clock
    return try Vault.open(at: path, now: { clock.now() }).unlock(as: id, with: holder, genesis: genesis, pins: pins)
  }

  /// Has dev register crm-sync, and ada store contoso/crm-sync.
  public func furnish(token: String = "refresh-token-1", connectorSecret: String = "SECRET1234") throws {
    let dev = try session(.dev)
    var connector = ConnectorDetails(name: "crm-sync", provider: "kaizala", connectorID: "5f0c1e9a-connector")
    connector.permissions = ["groupinfo.read"]
    try dev.commit { try $0.register(connector, secret: secret(connectorSecret)) }
    let ada = try session(.ada)
    try ada.commit {
      try $0.store(
        TokenDetails(tenant: "contoso", connector: "crm-sync", provider: "kaizala", reach: .tenant),
        secret: secret(token))
    }
  }
}

public func secret(_ text: String) throws -> SecureBytes { try SecureBytes(copying: Array(text.utf8)) }

/// The secret's text, for comparisons.
public func text(_ secret: borrowing SecureBytes) -> String {
  secret.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
}

/// The error that `body` throws, as a `VaultError`; nil if it throws none.
public func refusal(_ body: () throws -> Void) -> VaultError? {
  do {
    try body()
    return nil
  } catch let error as VaultError {
    return error
  } catch let error as EvidenceError {
    return VaultError(error)
  } catch {
    return VaultError(.failed, "not a vault error: \(error)")
  }
}
