import ArgumentParser
import Custody
import CustodyValues

struct IdentityKeyFile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key-file", abstract: "Need a key file beside your passphrase, or another one, or none any more.",
    discussion: """
      The file is 32 random bytes, and is made if it is not there. Keep it where the vault is not, such as on a stick: \
      who has vault and passphrase opens nothing without it, and nobody can make it again. A machine's is its only key.
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The new key file.", completion: .file()) var path: String?
  @Flag(help: "Unlock by the passphrase alone from now on.") var none = false

  func validate() throws {
    guard (path == nil) == none else { throw ValidationError("Name the new key file, or say --none") }
  }

  func run() throws {
    let vault = try Vault.open(at: options.vaultPath())
    let (member, genesis) = try options.unlockable(vault)
    let factors = try vault.protection(of: member).factors
    guard factors.passphrase || !none else {
      throw VaultError(.usage, "you are a machine, which needs its key file", hint: "name a new one")
    }
    guard factors.keyFile || !none else {
      throw VaultError(.conflict, "you have no key file", hint: "nothing to do")
    }
    let old = try options.credential(of: member, in: vault)
    _ = try Console.during("unlocking") { try vault.identity(of: member, by: old) }
    let new = try path.map { try old.replacingKeyFile(KeyFilePlace($0).readOrMake()) } ?? old.withoutKeyFile()
    try options.relock(vault, as: (member, genesis), from: old, to: new)
    let id = try Vault.open(at: options.vaultPath()).id
    var state = try LocalState(vault: id)
    try state.remember(keyFile: path.map { KeyFilePlace($0).absolute }, of: member)
    try options.relocked(
      none ? "you unlock by your passphrase alone" : "you need \(PrintableText.escape(path ?? "")) to unlock",
      member, new.factors)
  }
}
