package import CustodyCrypto
package import CustodyLog
package import CustodySecrets
internal import CustodyValues

/// Performs private-key operations for one unlocked identity: `SeedHolder` in this process, `AgentHolder` in the agent.
package protocol KeyHolder: AnyObject {
  var keys: MemberKeys { get }
  /// True if its signatures come from another process, and so must be checked before they are stored.
  var signsElsewhere: Bool { get }
  func unwrap<Purpose: KeyPurpose>(_ sealed: [UInt8], in arena: SecureArena) throws -> Key<Purpose>
  func unwrapAuditKey(_ sealed: [UInt8], expecting publicKey: BoxPublicKey, in arena: SecureArena) throws -> BoxKey
  func signEntry(_ text: [UInt8]) throws -> [UInt8]
  func signCheckpoint(_ text: [UInt8]) throws -> [UInt8]
  func signCosignature(_ message: [UInt8]) throws -> [UInt8]
}

/// An identity whose seed was opened in this process.
package final class SeedHolder: KeyHolder {
  package let keys: MemberKeys
  package var signsElsewhere: Bool { false }
  private let box: BoxKey
  private let entries: SigningKey
  private let checkpoints: SigningKey
  private let cosignatures: SigningKey

  package init(_ seed: borrowing Seed, in arena: SecureArena) throws {
    box = try seed.boxKey(in: arena)
    entries = try seed.entryKey(in: arena)
    checkpoints = try seed.checkpointKey(in: arena)
    cosignatures = try seed.cosignatureKey(in: arena)
    keys = MemberKeys(
      box: MemberKey(box.publicKey.bytes), entries: MemberKey(entries.publicKey),
      checkpoints: MemberKey(checkpoints.publicKey), cosignatures: MemberKey(cosignatures.publicKey))
  }

  package func unwrap<Purpose: KeyPurpose>(_ sealed: [UInt8], in arena: SecureArena) throws -> Key<Purpose> {
    try box.unwrap(sealed, in: arena)
  }

  package func unwrapAuditKey(
    _ sealed: [UInt8], expecting publicKey: BoxPublicKey, in arena: SecureArena
  ) throws -> BoxKey {
    try box.unwrap(sealed, expecting: publicKey, in: arena)
  }

  package func signEntry(_ text: [UInt8]) -> [UInt8] { entries.sign(text) }
  package func signCheckpoint(_ text: [UInt8]) -> [UInt8] { checkpoints.sign(text) }
  package func signCosignature(_ message: [UInt8]) -> [UInt8] { cosignatures.sign(message) }
}
