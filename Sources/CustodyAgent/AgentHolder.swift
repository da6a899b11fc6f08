internal import Custody
package import CustodyCrypto
package import CustodyLog
package import CustodySecrets
internal import CustodyValues

/// Performs private-key operations for one identity through the agent. The private keys stay in the agent.
package final class AgentHolder: KeyHolder {
  package let keys: MemberKeys
  package var signsElsewhere: Bool { true }
  private let client: AgentClient
  /// Keys that the agent unwrapped when the use began. Each is taken once.
  private var unwrapped: [(sealed: [UInt8], key: SecretBox)] = []

  init(_ client: AgentClient, keys: MemberKeys) { (self.client, self.keys) = (client, keys) }

  /// Keeps a key that came with the use. An envelope that did not open comes as an empty field and is not kept;
  /// asking for it again then tells why.
  func keep(_ key: consuming SecureBytes, of sealed: [UInt8]) {
    if key.count == 32 { unwrapped.append((sealed, SecretBox(key))) }
  }

  package func unwrap<Purpose: KeyPurpose>(_ sealed: [UInt8], in arena: SecureArena) throws -> Key<Purpose> {
    if let known = taken(sealed) { return try Key(copying: known.bytes, in: arena) }
    return try Key(copying: opened(sealed), in: arena)
  }

  package func unwrapAuditKey(
    _ sealed: [UInt8], expecting publicKey: BoxPublicKey, in arena: SecureArena
  ) throws -> BoxKey {
    if let known = taken(sealed) { return try BoxKey(copying: known.bytes, expecting: publicKey, in: arena) }
    return try BoxKey(copying: opened(sealed), expecting: publicKey, in: arena)
  }

  package func signEntry(_ text: [UInt8]) throws -> [UInt8] { try signed(text, .entry, keys.entries.bytes) }
  package func signCheckpoint(_ text: [UInt8]) throws -> [UInt8] {
    try signed(text, .checkpoint, keys.checkpoints.bytes)
  }
  package func signCosignature(_ message: [UInt8]) throws -> [UInt8] {
    try signed(message, .cosignature, keys.cosignatures.bytes)
  }

  private func taken(_ sealed: [UInt8]) -> SecretBox? {
    unwrapped.firstIndex { $0.sealed == sealed }.map { unwrapped.remove(at: $0).key }
  }

  /// Has the agent unwrap a key. An envelope that the keys don't open is the vault's fault, and throws `CryptoError`;
  /// all other errors are the agent's.
  private func opened(_ sealed: [UInt8]) throws -> SecureBytes {
    do { return try client.unwrap(sealed) } catch AgentError.refused(.malformed) { throw CryptoError() } catch {
      throw VaultError(agent: error)
    }
  }

  /// Has the agent sign, and verifies the signature, so that nothing enters the log that its readers would refuse.
  private func signed(_ text: [UInt8], _ use: SigningUse, _ key: Digest) throws -> [UInt8] {
    let signature: [UInt8]
    do { signature = try client.sign(text, as: use) } catch { throw VaultError(agent: error) }
    guard Signature.verify(signature, text, key: key) else { throw VaultError(agent: .lied) }
    return signature
  }
}
