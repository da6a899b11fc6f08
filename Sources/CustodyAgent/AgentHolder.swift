internal import Custody
package import CustodyCrypto
package import CustodyLog
package import CustodyMemory

/// An identity in an agent: its private keys stay there.
package final class AgentHolder: KeyHolder {
  package let keys: MemberKeys
  private let client: AgentClient

  init(_ client: AgentClient, keys: MemberKeys) { (self.client, self.keys) = (client, keys) }

  package func unwrap<Purpose: KeyPurpose>(_ sealed: [UInt8], in arena: SecureArena) throws -> Key<Purpose> {
    try Key(copying: opened(sealed), in: arena)
  }

  package func unwrapAuditKey(
    _ sealed: [UInt8], expecting publicKey: BoxPublicKey, in arena: SecureArena
  ) throws -> BoxKey {
    try BoxKey(copying: opened(sealed), expecting: publicKey, in: arena)
  }

  package func signEntry(_ text: [UInt8]) throws -> [UInt8] { try signed(text, .entry, keys.entries) }
  package func signCheckpoint(_ text: [UInt8]) throws -> [UInt8] { try signed(text, .checkpoint, keys.checkpoints) }
  package func signCosignature(_ message: [UInt8]) throws -> [UInt8] {
    try signed(message, .cosignature, keys.cosignatures)
  }

  /// An envelope that the keys don't open is the vault's fault; all else is the agent's.
  private func opened(_ sealed: [UInt8]) throws -> SecureBytes {
    do { return try client.unwrap(sealed) } catch AgentError.refused(.malformed) { throw CryptoError() } catch {
      throw VaultError(agent: error)
    }
  }

  /// Nothing goes into the log that its readers would refuse.
  private func signed(_ text: [UInt8], _ use: SigningUse, _ key: Digest) throws -> [UInt8] {
    let signature: [UInt8]
    do { signature = try client.sign(text, as: use) } catch { throw VaultError(agent: error) }
    guard Signature.verify(signature, text, key: key) else { throw VaultError(agent: .lied) }
    return signature
  }
}
