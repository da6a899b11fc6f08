import ArgumentParser
import Custody
import CustodyLog
import CustodyMemory

struct Join: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask to become a member.",
    discussion: "Prints a fingerprint. An admin who approves you sees the same one: compare them by voice or in person."
  )

  @OptionGroup var options: GlobalOptions
  @Option(help: "Your name in the vault.") var name: String
  @Option(help: "admin, developer or auditor.") var role: Role

  func run() throws {
    try Naming.check(name, as: "a member's name")
    let vault = try Vault.open(at: options.vaultPath())
    let passphrase = try options.newPassphrase()
    let joined = try Console.during("making your keys") {
      try vault.join(name: name, role: role, passphrase: passphrase)
    }
    var state = try LocalState(vault: vault.id)
    try state.remember(.init(name: name, id: joined.member, genesis: vault.genesis))
    guard options.json else {
      try Console.print(joined.fingerprint.text)
      return Console.say("tell an admin this fingerprint when they run \"custody member approve \(name)\"")
    }
    var particulars = Particulars()
    particulars.add("vault", vault.id.hex)
    particulars.add("member", joined.member.hex)
    particulars.add("name", name)
    particulars.add("role", role.rawValue)
    particulars.add("fingerprint", joined.fingerprint.text)
    try particulars.print(json: true)
  }
}
