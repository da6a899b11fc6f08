import ArgumentParser
import Custody
import CustodyLog
import CustodyValues

struct Join: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join", abstract: "Ask to become a member.",
    discussion: """
      Prints a fingerprint. An admin who approves you sees the same one: compare them by voice or in person. With \
      --key-file you need that file beside your passphrase; a machine needs it alone. It is made if it is not there.
      """
  )

  @OptionGroup var options: GlobalOptions
  @Option(help: "Your name in the vault.") var name: String
  @Option(help: "admin, developer or auditor.") var role: Role

  @Flag(help: "For a program that runs by itself: unlocks by --key-file, marked as a machine in every report.")
  var machine = false
  @Flag(help: "A machine that may only exchange tokens: never reveal, share or change one.") var exchangeOnly = false

  func run() throws {
    let applicant = Applicant(name, role, machine: machine ? exchangeOnly ? .exchange : .any : nil)
    try check(applicant)
    let vault = try Vault.open(at: options.vaultPath())
    let credential = try options.newCredential(forMachine: machine)
    let joined = try Console.during("making your keys") { try vault.join(applicant, by: credential) }
    var state = try LocalState(vault: vault.id)
    try state.remember(
      .init(name: name, id: joined.member, genesis: vault.genesis, keyFile: options.keyFilePath))
    guard options.json else {
      try Console.print(joined.fingerprint.text)
      return Console.say("tell an admin this fingerprint when they run \"custody member approve \(name)\"")
    }
    var particulars = Particulars()
    particulars.add("vault", vault.id.hex)
    particulars.add("member", joined.member.hex)
    particulars.add("name", name)
    particulars.add("role", role.rawValue)
    particulars.add("kind", applicant.kind)
    particulars.add("fingerprint", joined.fingerprint.text)
    try particulars.print(json: true)
  }
  private func check(_ applicant: Applicant) throws {
    try applicant.check()
    guard machine || !exchangeOnly else {
      throw VaultError(.usage, "--exchange-only is for machines", hint: "add --machine")
    }
    guard !exchangeOnly || role == .developer else {
      throw VaultError(.usage, "only a developer exchanges tokens", hint: "add --role developer")
    }
    guard !machine || options.keyFile != nil else {
      throw VaultError(.usage, "a machine unlocks by a key file", hint: "say where to make it: --key-file PATH")
    }
  }
}
