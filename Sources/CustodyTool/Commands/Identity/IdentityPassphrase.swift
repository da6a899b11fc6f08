import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodyValues

struct IdentityPassphrase: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passphrase", abstract: "Change your passphrase.",
    discussion: """
      Your keys stay, so nothing is shared anew. An older copy of the vault still opens with the old passphrase: if \
      someone may know it and have a copy, leave and join anew.
      """)

  @OptionGroup var options: GlobalOptions
  @Option(help: ArgumentHelp("Read the new passphrase from this file.", valueName: "path"), completion: .file())
  var newPassphraseFile: String?

  func run() throws {
    let vault = try Vault.open(at: options.vaultPath())
    let (member, genesis) = try options.unlockable(vault)
    let factors = try vault.protection(of: member).factors
    guard factors.passphrase else {
      throw VaultError(
        .usage, "you are a machine, which has no passphrase", hint: "change its key file: \"custody identity key-file\""
      )
    }
    let old = try options.credential(of: member, in: vault)
    // A wrong passphrase is reported before the person thinks up a new one.
    _ = try Console.during("unlocking") { try vault.identity(of: member, by: old) }
    let typed = try newPassphraseFile.map { try options.newPassphrase(from: $0) } ?? options.askNewPassphrase()
    let new: Credential
    if factors.keyFile {
      let place = try KeyFilePlace.find(options.keyFile, of: member, in: vault.id)
      new = try .passphrase(typed, keyFile: place.read())
    } else {
      new = .passphrase(typed)
    }
    try options.relock(vault, as: (member, genesis), from: old, to: new)
    try options.relocked(
      "your passphrase is changed; older copies of the vault still open with the old one", member, new.factors)
  }
}

extension GlobalOptions {
  func relock(
    _ vault: consuming Vault, as me: (member: Identifier, genesis: Digest?), from old: borrowing Credential,
    to new: borrowing Credential
  ) throws {
    ProgressLine.begin("sealing your keys anew")
    defer { ProgressLine.end() }
    let pins = PinFolder(path: try Folders.state())
    try vault.relock(as: me.member, from: old, to: new, genesis: me.genesis, pins: pins)
  }

  func relocked(_ text: String, _ member: Identifier, _ factors: Credential.Factors) throws {
    try done(.memberRekey, member.hex, text, ["unlocks_by": .string(factors.text)])
  }
}
