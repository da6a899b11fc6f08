import ArgumentParser
import Custody
import CustodySystem
import CustodyValues

/// Options of every command.
struct GlobalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The vault's file (CUSTODY_VAULT; default $XDG_DATA_HOME/custody/vault.db).", valueName: "path"),
    completion: .file())
  var vault: String?

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp("Which member you are: a name remembered here, or an ID (CUSTODY_MEMBER).", valueName: "name"))
  var member: String?

  @Option(help: ArgumentHelp("Read the passphrase from this file.", valueName: "path"), completion: .file())
  var passphraseFile: String?

  @Option(
    help: ArgumentHelp("The key file that you unlock with (CUSTODY_KEY_FILE).", valueName: "path"), completion: .file())
  var keyFile: String?

  @Flag(help: "Ask for the passphrase even if an agent has the keys.")
  var noAgent = false

  @Flag(help: "One JSON object, for errors too.")
  var json = false

  @Flag(name: .shortAndLong, help: "Say nothing but what was asked for, and errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Answer yes to every confirmation; warnings are still printed.")
  var yes = false

  @Flag(help: "Never ask (CUSTODY_NO_INPUT).")
  var noInput = false

  @Option(help: ArgumentHelp("Colours: auto, always or never (NO_COLOR).", valueName: "when"))
  var color: ColorChoice = .auto

  mutating func validate() throws {
    Console.manner = Console.Manner(isQuiet: quiet, isJSON: json, color: color)
  }

  /// Moves global options that stand before the command behind it, where the parser expects them.
  static func behindCommand(_ arguments: some Collection<String>) -> [String] {
    let valued: Set = ["--vault", "--as", "--passphrase-file", "--key-file", "--color"]
    let flags: Set = ["--json", "--quiet", "-q", "--yes", "-y", "--no-input", "--no-agent"]
    var rest = Array(arguments)[...]
    var leading: [String] = []
    while let word = rest.first {
      let count = valued.contains(word) ? 2 : 1
      guard count == 2 || flags.contains(word) || valued.contains(where: { word.hasPrefix($0 + "=") }) else { break }
      leading += rest.prefix(count)
      rest = rest.dropFirst(count)
    }
    // Words after "--" belong to another program.
    let end = rest.firstIndex(of: "--") ?? rest.endIndex
    return rest[..<end] + leading + rest[end...]
  }

  var asksNothing: Bool { noInput || Environment.value("CUSTODY_NO_INPUT") != nil }

  /// The path of the vault's file, which may not exist yet.
  func vaultPath() throws -> String {
    if let path = vault ?? Environment.value("CUSTODY_VAULT") {
      guard !path.hasPrefix("postgres://"), !path.hasPrefix("postgresql://") else {
        throw VaultError(
          .usage, "this version keeps vaults in files, not in PostgreSQL", hint: "name a file with --vault")
      }
      return path
    }
    return try Folders.data() + "/vault.db"
  }
}
