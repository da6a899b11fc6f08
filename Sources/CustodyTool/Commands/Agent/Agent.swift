import ArgumentParser
import Custody
import CustodyAgent

/// The agent's process, started by "custody unlock" or systemd and hidden from help.
struct Agent: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent", abstract: "Hold keys; started by \"custody unlock\" or by systemd.", shouldDisplay: false)

  @OptionGroup var options: GlobalOptions
  @Option(help: ArgumentHelp("Where the socket is, to be removed at the end.", valueName: "path"), completion: .file())
  var socket: String?

  func run() throws {
    let server: AgentServer
    do { server = try AgentServer(path: socket) } catch AgentError.absent {
      throw VaultError(
        .usage, "an agent is started with its socket as descriptor 3", hint: "type \"custody unlock\" instead")
    } catch { throw VaultError(agent: error) }
    server.run()
  }
}
