package import Custody
internal import CustodyCrypto
internal import CustodySecrets
internal import CustodySystem
package import CustodyValues

/// An unlocked identity, with its seed, that can be handed to an agent.
package struct UnlockedIdentity: ~Copyable {
  package let name: IdentityName
  package let holder: any KeyHolder
  fileprivate let seed: Seed

  package init(of member: Identifier, in vault: borrowing Vault, by credential: borrowing Credential) throws {
    let arena = try SecureArena()
    let opened = try vault.seed(of: member, by: credential, in: arena)
    let holder = try SeedHolder(opened, in: arena)
    self.init(IdentityName(vault: vault.id, genesis: vault.genesis, member: member), holder, opened)
  }

  private init(_ name: IdentityName, _ holder: any KeyHolder, _ seed: consuming Seed) {
    (self.name, self.holder) = (name, holder)
    self.seed = seed
  }
}

/// Finds or starts this user's agent and hands it an identity.
package enum AgentStart {
  /// Hands the identity to the agent, which is started if none runs.
  /// - Returns: Whether the agent's memory is kept out of swap.
  package static func hold(
    _ identity: borrowing UnlockedIdentity, _ terms: HoldingTerms, at place: SocketPlace
  ) throws(AgentError) -> Bool {
    let seed: SecureBytes
    do { seed = try identity.seed.copy() } catch { throw .outOfMemory }
    let terminal = terms.confirms ? SocketTerminal.own() : nil
    let client = try client(at: place)
    return try client.hold(identity.name, terms, seed: seed, terminal: terminal)
  }

  /// Connects to the agent, or starts one. A lock makes two commands that start one at the same time go one after the
  /// other, so that the second finds the first one's agent.
  private static func client(at place: SocketPlace) throws(AgentError) -> AgentClient {
    try place.makeFolder()
    do {
      return try FileLock.hold(place.lock) {
        // A connection that closes comes from an agent that is ending, or that thought us too slow. A living agent is
        // never replaced. All tries together have the time of one.
        let end = Uptime.now + AgentClient.patience
        while Uptime.now < end {
          do {
            let client = try AgentClient(at: place)
            // An agent that does not answer must not be given a seed.
            _ = try client.status(until: end)
            return client
          } catch AgentError.absent {
            try place.removeDead()
            try SocketSpawn.agent(SocketListener.make(at: place.path), path: place.path)
            return try AgentClient(at: place)
          } catch AgentError.closed { Wait.sleep(.milliseconds(100)) }
        }
        throw AgentError.closed
      }
    } catch let error as AgentError { throw error } catch let error as SystemError {
      throw error.isTaken ? .starting : .failed(error)
    } catch {
      throw .outOfMemory
    }
  }
}
