import ArgumentParser
import Custody
import CustodySecrets
import CustodySystem
import CustodyValues

/// Options for the source of a secret. It never comes from an argument or the environment.
struct SecretInput: ParsableArguments {
  @Option(help: ArgumentHelp("Read the value from this file.", valueName: "path"), completion: .file())
  var fromFile: String?

  @Option(help: ArgumentHelp("Read the value from this open descriptor.", valueName: "number"))
  var fromFd: Int32?

  func validate() throws {
    if fromFile != nil, fromFd != nil { throw ValidationError("--from-file and --from-fd exclude each other") }
  }

  /// Reads the secret: at a hidden prompt on a terminal, otherwise from standard input. One trailing newline is
  /// dropped.
  func read(_ label: String, _ options: GlobalOptions) throws -> SecureBytes {
    let limit = Secret.limit + 2
    let value: SecureBytes
    let source: String
    if let path = fromFile {
      value = try Input.file(path, limit: limit)
      source = "\"\(PrintableText.escape(path))\""
    } else if let descriptor = fromFd {
      value = try Input.read(descriptor: descriptor, limit: limit)
      source = "descriptor \(descriptor)"
    } else if Output.isTerminal(0), !options.asksNothing {
      let terminal = try Terminal()
      return try checked(terminal.promptHidden(label, limit: limit))
    } else {
      value = try Input.standardInput(limit: limit)
      source = "standard input"
    }
    Console.say("read \("byte".counted(value.count)) from \(source)")
    return try checked(value)
  }

  private func checked(_ value: consuming SecureBytes) throws -> SecureBytes {
    let value = try value.withoutTrailingNewline()
    guard !value.isEmpty else { throw VaultError(.emptySecret, "there is no value: it is empty") }
    guard value.count <= Secret.limit else {
      throw VaultError(
        .secretTooLong, "the value has more than \(Secret.limit) bytes", hint: "check that this is the value alone")
    }
    return value
  }
}
