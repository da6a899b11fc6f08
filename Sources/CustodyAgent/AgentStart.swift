package import Custody
internal import CustodyCrypto
internal import CustodySecrets
internal import CustodySystem
package import CustodyValues

/// An identity that was opened, to be handed to an agent.
package struct OpenedIdentity: ~Copyable {
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

/// Finds the agent of this user, or starts it, and hands it an identity.
package enum AgentStart {
  /// Whether the agent's memory is kept out of swap.
  package static func hold(
    _ identity: borrowing OpenedIdentity, _ terms: HoldingTerms, at place: SocketPlace
  ) throws(AgentError) -> Bool {
    let seed: SecureBytes
    do { seed = try identity.seed.copy() } catch { throw .outOfMemory }
    let terminal = terms.confirms ? SocketTerminal.own() : nil
    let client = try client(at: place)
    return try client.hold(identity.name, terms, seed: seed, terminal: terminal)
  }

  /// Two that start at once are one after the other: the second finds the first one's agent.
  private static func client(at place: SocketPlace) throws(AgentError) -> AgentClient {
    try place.makeFolder()
    do {
      return try FileLock.hold(place.lock) {
        // One that closes is ending, and gone from its place, or thought us too slow: a living one is never replaced.
        // All the tries have the time of one: who closes late each time holds nobody up for longer.
        let end = Uptime.now + AgentClient.patience
        while Uptime.now < end {
          do {
            let client = try AgentClient(at: place)
            // One that does not answer must not be given a seed.
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
