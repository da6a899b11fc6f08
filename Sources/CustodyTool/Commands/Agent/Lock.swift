import ArgumentParser
import Custody
import CustodyAgent
import CustodyJSON
import CustodyValues

struct Lock: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock", abstract: "Make the agent forget your keys of this vault; with --all, all it has.")

  @OptionGroup var options: GlobalOptions
  @Flag(help: "Everybody's keys of every vault; the agent ends.") var all = false

  func run() throws {
    let count: UInt64
    do { count = try dropped() } catch AgentError.absent, AgentError.closed { count = 0 } catch let error as AgentError
    {
      throw VaultError(agent: error)
    }
    guard options.json else { return Console.say(count > 0 ? "locked" : "nothing was unlocked") }
    var particulars = Particulars()
    particulars.add("dropped", .integer(count))
    try particulars.print(json: true)
  }

  private func dropped() throws -> UInt64 {
    guard !all else { return try AgentClient(at: SocketPlace()).dropAll() }
    let vault = try openVault()
    let member = try LocalState(vault: vault.id).member(options.member).id
    return try AgentClient(at: SocketPlace()).drop(vault.id, member)
  }

  /// Opens the vault to learn its ID. If it can't be read, the hint is --all, which locks its keys without it.
  private func openVault() throws -> Vault {
    do { return try Vault.open(at: options.vaultPath()) } catch let error as VaultError {
      throw VaultError(
        error.code, "cannot tell whose keys to lock: \(error.reason)", subject: error.subject,
        hint: "lock all that the agent has: \"custody lock --all\"")
    }
  }
}
