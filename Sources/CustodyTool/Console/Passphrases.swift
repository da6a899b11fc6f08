import Custody
import CustodyMemory

/// Where a passphrase comes from: a file, a command's output, or a hidden prompt.
extension GlobalOptions {
  func passphrase(_ label: String = "Passphrase: ") throws -> SecureBytes {
    if let given = try givenPassphrase() { return given }
    return try ask(label)
  }

  /// Asked twice where it is typed, because a slip would lock its owner out.
  func newPassphrase() throws -> SecureBytes {
    if let given = try givenPassphrase() {
      try Passphrase.check(given)
      return given
    }
    let first = try ask("New passphrase: ")
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

  private func ask(_ label: String) throws -> SecureBytes {
    guard !asksNothing else { throw VaultError(TerminalError.absent) }
    let terminal = try Terminal()
    return try terminal.promptHidden(label, limit: Passphrase.limit)
  }

  private func givenPassphrase() throws -> SecureBytes? {
    if let path = passphraseFile {
      return try Input.file(path, limit: Passphrase.limit + 2).withoutTrailingNewline()
    }
    guard let command = Environment.value("CUSTODY_PASSPHRASE_COMMAND") else { return nil }
    guard let output = try ShellCommand.output(of: command, limit: Passphrase.limit + 2) else {
      throw VaultError(.badInput, "the command in CUSTODY_PASSPHRASE_COMMAND failed", hint: "run it by itself and look")
    }
    return try output.withoutTrailingNewline()
  }
}
