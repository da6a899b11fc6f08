import ArgumentParser
import Custody
import CustodyAgent
import CustodyJSON
import CustodyLog
import CustodySystem
import CustodyValues

struct Unlock: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unlock", abstract: "Ask for the passphrase once, and let an agent hold your keys.",
    discussion: """
      Commands then open and sign through the agent; your private keys stay in it. It locks when the time is over, on \
      "custody lock", when its session ends, and when another vault comes into the place of this one.
      """)

  @OptionGroup var options: GlobalOptions
  @Option(name: .customLong("for"), help: ArgumentHelp("Lock after this long, at most 7d.", valueName: "time"))
  var life = TimeSpan(seconds: 15 * 60)
  @Option(help: ArgumentHelp("Lock after this long without use.", valueName: "time")) var idle = TimeSpan(
    seconds: 5 * 60)
  @Flag(help: "Ask on this terminal before each command that uses the keys.") var confirm = false

  func run() throws {
    try check()
    let path = try options.vaultPath()
    let vault = try Vault.open(at: path)
    let (member, remembered) = try options.unlockable(vault)
    let place: SocketPlace
    do { place = try SocketPlace() } catch { throw VaultError(agent: error) }
    let credential = try options.credential(of: member, in: vault)
    ProgressLine.begin("unlocking")
    defer { ProgressLine.end() }
    let identity = try UnlockedIdentity(of: member, in: vault, by: credential)
    // The checks of every command, before the agent gets a key: this is the remembered vault, and the keys are those in
    // its log.
    let session = try Vault.open(at: path).unlock(
      as: member, with: identity.holder, genesis: remembered, pins: PinFolder(path: Folders.state()),
      progress: ProgressLine.count)
    let label = session.member?.name ?? member.hex
    let terms = HoldingTerms(
      label: label, path: PlainPath.of(path) ?? path, life: life, idle: idle.seconds < life.seconds ? idle : life,
      confirms: confirm)
    do {
      let isLocked = try AgentStart.hold(identity, terms, at: place)
      ProgressLine.end()
      if !isLocked { warnOfSwap() }
    } catch { throw VaultError(agent: error) }
    try tell(label, terms)
  }

  private func check() throws {
    guard life.seconds >= 1, idle.seconds >= 1, life.seconds <= HoldingTerms.lifeLimit else {
      throw VaultError(.usage, "an agent holds keys for 1s to 7d", hint: "name a time such as --for 15m --idle 5m")
    }
    guard !confirm || (try? Terminal()) != nil else {
      throw VaultError(.usage, "there is no terminal to ask on later, and --confirm needs one", hint: "leave it out")
    }
  }

  private func warnOfSwap() {
    Console.warn(
      "\(Console.alarming("warning:")) the agent's keys may be swapped to disk: RLIMIT_MEMLOCK (ulimit -l) is too small"
    )
  }

  private func tell(_ label: String, _ terms: HoldingTerms) throws {
    guard options.json else {
      return Console.say("unlocked for \(label): locks after \(terms.life.words), or \(terms.idle.words) without use")
    }
    var particulars = Particulars()
    particulars.add("member", label)
    particulars.add("seconds", .integer(UInt64(terms.life.seconds)))
    particulars.add("idle_seconds", .integer(UInt64(terms.idle.seconds)))
    particulars.add("confirm", .bool(confirm))
    try particulars.print(json: true)
  }
}
