internal import CustodyEvidence
import ArgumentParser
import Custody
import CustodyAgent
import CustodyJSON
import CustodyLog
import CustodyValues

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "The vault's size and state, and its members on this machine; needs no passphrase."
  )

  @OptionGroup var options: GlobalOptions

  func run() throws {
    let path = try options.vaultPath()
    let vault = try Vault.open(at: path)
    let counts = try vault.counts()
    var particulars = Particulars()
    particulars.add("path", path)
    particulars.add("vault", vault.id.hex)
    particulars.add("genesis", vault.genesis.text)
    particulars.add("bytes", .integer(try vault.fileSize()))
    particulars.add("writable", .bool(!vault.isReadOnly))
    for (key, table) in [
      ("members", "member"), ("requests", "request"), ("items", "item"), ("log_entries", "log_entry"),
      ("checkpoints", "checkpoint"),
    ] {
      particulars.add(key, .integer(counts[table] ?? 0))
    }
    if let pin = try PinFolder(path: Folders.state()).pin(of: vault.id) {
      particulars.add("pinned_entries", .integer(pin.checkpoint.size))
      particulars.add("pinned_root", pin.checkpoint.root.text)
      particulars.add("pinned_at", pin.pinned.text)
      particulars.add("verified_entries", .integer(pin.verified))
      particulars.add("verified_at", pin.verified > 0 ? pin.verifiedAt.text : nil)
    }
    let agent = AgentReport()
    particulars.add("agent", agent.text)
    let here = try LocalState(vault: vault.id).members.map { member -> JSONValue in
      let standing =
        switch try vault.standing(of: member.id) {
        case .member: "member"
        case .requested: "not approved yet"
        case .unknown: "unknown to the vault"
        }
      return [
        "name": .string(member.name), "id": .string(member.id.hex), "standing": .string(standing),
        "lock": .string(
          agent.lock(of: IdentityName(vault: vault.id, genesis: vault.genesis, member: member.id))),
      ]
    }
    particulars.add("on_this_machine", .array(here))
    try particulars.print(json: options.json)
  }
}
