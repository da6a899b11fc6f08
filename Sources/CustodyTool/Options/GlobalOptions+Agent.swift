import Custody
import CustodyAgent
import CustodySystem
import CustodyValues

extension GlobalOptions {
  /// The member's keys in an agent. Nil where there is none, or it has not these, or it is not to be trusted: then the
  /// passphrase is asked for, as without an agent. A passphrase file that is named is what was asked for.
  func agentHolder(of member: Identifier, in vault: borrowing Vault, at path: String) throws -> AgentHolder? {
    let name = IdentityName(vault: vault.id, genesis: vault.genesis, member: member)
    // What can't be read is told by the unlocking.
    return try agentHolder(name, at: path, unwrapping: (try? vault.keyEnvelopes(of: member)) ?? [])
  }

  func agentHolder(_ name: IdentityName, at path: String, unwrapping envelopes: [[UInt8]]) throws -> AgentHolder? {
    guard !noAgent, passphraseFile == nil else { return nil }
    do {
      let client = try AgentClient(at: SocketPlace())
      return try client.open(name, path: PlainPath.of(path) ?? path, for: Self.typed, unwrapping: envelopes)
    } catch AgentError.absent, AgentError.noRuntimeFolder, AgentError.refused(.notHeld) {
      return nil
    } catch AgentError.refused(.declined) {
      throw VaultError(agent: .refused(.declined))
    } catch AgentError.refused(.busy) {
      throw VaultError(agent: .refused(.busy))
    } catch {
      Console.warn("note: \(VaultError(agent: error).reason); the passphrase is asked for")
      return nil
    }
  }

  /// The agent locks what was unlocked where this vault is, if that was another one.
  func tellAgent(of vault: borrowing Vault, at path: String) {
    let nobody = IdentityName(vault: vault.id, genesis: vault.genesis, member: .none)
    guard !noAgent, let agent = try? AgentClient(at: SocketPlace()) else { return }
    _ = try? agent.open(nobody, path: PlainPath.of(path) ?? path, for: Self.typed)
  }

  /// What the person is asked to allow: no argument is ever a secret.
  private static var typed: String {
    String((["custody"] + ProcessArguments.typed).joined(separator: " ").prefix(60))
  }
}
