import CustodyCrypto
import CustodySecrets
import CustodyValues

@testable import CustodyLog

/// People with keys that are the same in every run.
final class Cast: Sendable {
  struct Person: Sendable {
    let id: Identifier
    let name: String
    let role: Role
    let keys: MemberKeys
  }

  /// Without its keys no input can be read as what it should be.
  static let shared: Cast = {
    do { return try Cast() } catch { fatalError("cannot make keys: \(error)") }
  }()

  let arena: SecureArena
  let people: [Person]
  private let signing: SigningKeyBox

  private final class SigningKeyBox: Sendable {
    let key: SigningKey
    init(_ key: consuming SigningKey) { self.key = key }
  }

  private init() throws {
    let arena = try SecureArena()
    let names = [
      ("ada", Role.admin), ("dev", .developer), ("audrey", .auditor), ("eve", .developer), ("bot", .developer),
    ]
    var people: [Person] = []
    for (number, (name, role)) in names.enumerated() {
      let seed = try Self.seed(number, arena)
      people.append(
        Person(
          id: Identifier([UInt8](repeating: UInt8(number + 1), count: Identifier.count)) ?? .none, name: name,
          role: role,
          keys: MemberKeys(
            box: MemberKey(try seed.boxKey(in: arena).publicKey.bytes),
            entries: MemberKey(try seed.entryKey(in: arena).publicKey),
            checkpoints: MemberKey(try seed.checkpointKey(in: arena).publicKey),
            cosignatures: MemberKey(try seed.cosignatureKey(in: arena).publicKey))))
    }
    (self.arena, self.people) = (arena, people)
    signing = SigningKeyBox(try Self.seed(0, arena).entryKey(in: arena))
  }

  static func seed(_ number: Int, _ arena: SecureArena) throws -> Seed {
    try Seed(copying: SecureBytes(copying: [UInt8](repeating: UInt8(number + 1), count: 32)), in: arena)
  }

  /// Signs as the first of them.
  func sign(_ text: [UInt8]) -> [UInt8] { signing.key.sign(text) }

  var key: VerifierKey? { VerifierKey(name: "custody.local/fuzz", ed25519: people[0].keys.entries.bytes) }
}
