import ArgumentParser
import Custody
import CustodyJSON
import CustodySystem
import CustodyValues

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Found a vault; you become its first admin.",
    discussion: """
      Asks for a passphrase, twice; Enter alone makes one. Nobody can reset it, so let a second admin join soon. The file \
      is made 0600, and the default folder 0700; another folder must be there.
      """)

  @OptionGroup var options: GlobalOptions
  @Option(help: "Your name in the vault.") var name: String
  @Option(help: ArgumentHelp("The beginning of the log's origin, such as example.com/custody.", valueName: "prefix"))
  var origin = "custody.local"

  func run() throws {
    try Name.check(name, as: "a member's name")
    let path = try options.vaultPath()
    guard try FileStatus.ifPresent(path) == nil else {
      throw VaultError(
        .alreadyExists, "\"\(PrintableText.escape(path))\" exists already", subject: path,
        hint: "ask to join it with \"custody join\", or name another place with --vault")
    }
    if options.vault == nil, Environment.value("CUSTODY_VAULT") == nil { try Folder.makePrivate(Folders.data()) }
    try requireFolder(of: path)
    try clear(path)
    var founding = Founding(founder: name)
    founding.originPrefix = origin
    let credential = try options.newCredential()
    let founded = try Console.during("founding the vault") { try found(path, founding, by: credential) }
    guard options.json else {
      Console.say("founded vault \(founded.vault.hex) at \(PrintableText.escape(path)); \(name) is its first admin")
      return Console.say("there is no way back into it without your passphrase: found a second admin soon")
    }
    var particulars = Particulars()
    particulars.add("vault", founded.vault.hex)
    particulars.add("path", path)
    particulars.add("member", founded.member.hex)
    particulars.add("name", name)
    try particulars.print(json: true)
  }

  /// Founds the vault. Its founder is remembered first: a vault that exists and has no known member on this machine
  /// would be lost.
  private func found(_ path: String, _ founding: Founding, by credential: borrowing Credential) throws -> Founded {
    var remembered: Identifier?
    do {
      return try Vault.found(
        at: path, founding, by: credential,
        remember: { founded in
          remembered = founded.vault
          var state = try LocalState(vault: founded.vault)
          try state.remember(
            .init(name: name, id: founded.member, genesis: founded.genesis, keyFile: options.keyFilePath))
        })
    } catch {
      if let remembered { try? LocalState(vault: remembered).forgetUnfinished() }
      throw error
    }
  }

  /// Removes the remains of an earlier command that was killed.
  private func clear(_ path: String) throws {
    let unfinished = try Vault.unfinished(at: path)
    guard !unfinished.isEmpty else { return }
    // The unfinished file itself last: as long as it is there, the next attempt finds the rest.
    for vault in unfinished { try LocalState(vault: vault).forgetUnfinished() }
    try Vault.removeUnfinished(at: path)
    Console.say("note: removed what an earlier \"custody init\" left here when it was cut off: it was no vault yet")
  }

  /// Throws if there is no folder for the vault. Called before the person thinks up a passphrase.
  private func requireFolder(of path: String) throws {
    let folder = Folder.of(path)
    guard try FileStatus.ifPresent(folder + "/.") == nil else { return }
    let shown = PrintableText.escape(folder)
    throw VaultError(
      .badInput, "there is no folder \"\(shown)\" for the vault", subject: folder,
      hint: "make it: mkdir -m 700 \"\(shown)\"; or name another place with --vault")
  }
}
