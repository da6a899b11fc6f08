import Custody
import CustodyAgent
import CustodySystem
import CustodyValues

extension GlobalOptions {
  /// The member's keys in the agent. Nil if no agent runs, if it does not hold these keys, or if it can't be trusted:
  /// the passphrase is asked for then. Also nil with --passphrase-file, which the person chose.
  func agentHolder(of member: Identifier, in vault: borrowing Vault, at path: String) throws -> AgentHolder? {
    let name = IdentityName(vault: vault.id, genesis: vault.genesis, member: member)
    // An envelope that can't be read is reported when the vault is unlocked.
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

  /// Tells the agent which vault is at this path, so that it drops the keys of another vault that was unlocked there
  /// before.
  func tellAgent(of vault: borrowing Vault, at path: String) {
    let nobody = IdentityName(vault: vault.id, genesis: vault.genesis, member: .none)
    guard !noAgent, let agent = try? AgentClient(at: SocketPlace()) else { return }
    _ = try? agent.open(nobody, path: PlainPath.of(path) ?? path, for: Self.typed)
  }

  /// The command line, cut to 60 characters, for the agent's confirmation question. No argument is ever a secret.
  private static var typed: String {
    String((["custody"] + ProcessArguments.typed).joined(separator: " ").prefix(60))
  }
}
