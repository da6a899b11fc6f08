import Custody
import CustodySecrets
import CustodySystem

/// Reads a passphrase from a file, a command's output, or a hidden prompt.
extension GlobalOptions {
  func passphrase(_ label: String = "Passphrase: ") throws -> SecureBytes {
    if let given = try givenPassphrase() { return given }
    return try ask(label)
  }

  /// Reads a new passphrase. One that is typed is asked for twice, because a typing error would lock its owner out.
  func newPassphrase(from file: String? = nil) throws -> SecureBytes {
    if let given = try file.map(Self.passphrase(in:)) ?? givenPassphrase() {
      try Passphrase.check(given)
      return given
    }
    return try askNewPassphrase()
  }

  /// Asks for a new passphrase at the prompt only: `--passphrase-file` and the command give the present one.
  func askNewPassphrase() throws -> SecureBytes {
    let first = try ask("New passphrase (Enter alone makes one): ")
    guard !first.isEmpty else { return try madePassphrase() }
    try Passphrase.check(first)
    if !first.allSatisfy({ $0 < 0x80 }) {
      Console.say("note: the passphrase has letters beyond ASCII; another keyboard may write them in other bytes")
    }
    let second = try ask("The same again: ")
    guard first.equals(second) else {
      throw VaultError(.badInput, "the two passphrases differ", hint: "run the command again")
    }
    return first
  }

  /// Generates a passphrase, shows it on the terminal only, and has it typed once to make sure that it was noted.
  private func madePassphrase() throws -> SecureBytes {
    let made = try Passphrase.generate()
    let terminal = try Terminal()
    try terminal.say("Made by chance, and not shown again; note it where only you look:\n\n    ")
    try terminal.show(made)
    try terminal.say("\n\n")
    guard made.equals(try ask("Type it: ")) else {
      throw VaultError(.badInput, "that is not the passphrase that was made", hint: "run the command again")
    }
    return made
  }

  private func ask(_ label: String) throws -> SecureBytes {
    guard !asksNothing else {
      throw VaultError(
        .usage, "this needs your passphrase, and --no-input (or CUSTODY_NO_INPUT) forbids to ask",
        hint: "use --passphrase-file or CUSTODY_PASSPHRASE_COMMAND, or unlock beforehand: \"custody unlock\"")
    }
    let terminal = try Terminal()
    return try terminal.promptHidden(label, limit: Passphrase.limit)
  }

  private func givenPassphrase() throws -> SecureBytes? {
    if let path = passphraseFile { return try Self.passphrase(in: path) }
    guard let command = Environment.value("CUSTODY_PASSPHRASE_COMMAND") else { return nil }
    guard let output = try ShellCommand.output(of: command, limit: Passphrase.limit + 2) else {
      throw VaultError(.badInput, "the command in CUSTODY_PASSPHRASE_COMMAND failed", hint: "run it by itself and look")
    }
    return try output.withoutTrailingNewline()
  }
  private static func passphrase(in path: String) throws -> SecureBytes {
    try Input.file(path, limit: Passphrase.limit + 2).withoutTrailingNewline()
  }
}
