import ArgumentParser
import Custody
import CustodyJSON
import CustodySecrets
import CustodySystem
import CustodyValues
import Glibc

/// Reports an error in two lines, or as one JSON object, and exits with its status.
enum Failure {
  static func leave(with error: any Error) -> Never {
    if let vaultError = translate(error) {
      report(vaultError)
      exit(vaultError.code.exitStatus)
    }
    // A status without an error, such as a report's.
    if let code = error as? ExitCode { exit(code.rawValue) }
    // Help, version or a completion script was asked for.
    let text = CompletionScript.withOneHelp(CustodyCommand.fullMessage(for: error))
    do { try Console.print(UsageLine.wrapped(text)) } catch { leave(with: error) }
    leave()
  }

  /// Exits after a success.
  static func leave() -> Never { exit(Console.readerHasGone ? Console.readerHasGoneStatus : 0) }

  private static func translate(_ error: any Error) -> VaultError? {
    switch error {
    case let error as VaultError: return error
    case let error as TerminalError: return VaultError(error)
    case let error as InputError: return VaultError(error)
    case let error as SystemError:
      return VaultError(error.isNoSpace ? .diskFull : .failed, "the system says: \(error.text)", hint: "check the path")
    case let error as SecureMemoryError:
      _ = error
      return VaultError(.outOfMemory, "cannot get memory that may hold a secret")
    case is ExitCode: return nil
    default: break
    }
    guard CustodyCommand.exitCode(for: error) != .success else { return nil }
    let message = CustodyCommand.message(for: error)
    let fault = (try? CommandShape(of: CustodyCommand.self)).map { UsageFault(ProcessArguments.typed, in: $0) }
    return fault?.error(message) ?? VaultError(.usage, PrintableText.escape(message), hint: "see \"custody help\"")
  }

  private static func report(_ error: VaultError) {
    guard !Console.manner.isJSON else {
      let details: JSONObject = [
        "code": .string(error.code.name), "status": .integer(error.code.exitStatus), "message": .string(error.reason),
        "hint": error.hint.map { .string($0.typed) } ?? .null, "subject": error.subject.map { .string($0) } ?? .null,
      ]
      let object: JSONObject = ["v": 1, "error": .object(details)]
      return Console.warn(JSONValue.object(object).text())
    }
    Console.warn("\(Console.alarming("error:")) \(PrintableText.escape(error.reason))")
    if let hint = error.hint { Console.warn("hint: \(PrintableText.escape(hint.typed))") }
  }
}

extension VaultError {
  init(_ error: TerminalError) {
    switch error {
    case .cancelled: self.init(.cancelled, "cancelled; nothing was changed", hint: "run the command again")
    case .absent:
      self.init(
        .usage, "there is no terminal to ask on",
        hint:
          "use --passphrase-file or CUSTODY_PASSPHRASE_COMMAND, and standard input, --from-file or --from-fd for a secret"
      )
    case .tooLong: self.init(.secretTooLong, "what was typed is too long")
    case .containsNUL: self.init(.badInput, "what was typed has a NUL character in it", hint: "type it again")
    case .notText: self.init(.badInput, "what was typed is not text", hint: "type it again")
    case .outOfMemory: self.init(.outOfMemory, "cannot get memory that may hold a secret")
    case .failed(let error): self.init(.failed, "cannot use the terminal: \(error.text)", hint: "try another terminal")
    }
  }

  init(_ error: InputError) {
    switch error {
    case .cannotOpen(let error): self.init(.badInput, "cannot open the file: \(error.text)", hint: "check its name")
    case .cannotRead(let error):
      self.init(.badInput, "cannot read the input: \(error.text)", hint: "check where it comes from")
    case .tooLong(let limit):
      self.init(.secretTooLong, "the input has more than \(limit) bytes", hint: "check that this is the value alone")
    case .notPlainFile: self.init(.badInput, "what was named is not a plain file", hint: "check its name")
    case .notPrivate(let mode):
      self.init(
        .badInput, "others can read or write the key file (it has mode 0\(String(mode, radix: 8)))",
        hint: "make it yours alone: chmod 400; and if others had it, make another")
    case .outOfMemory: self.init(.outOfMemory, "cannot get memory that may hold a secret")
    }
  }
}
