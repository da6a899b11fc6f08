import ArgumentParser
import Custody
import CustodyExchange
import CustodyLog
import CustodySystem
import CustodyValues

struct Exec: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exec", abstract: "Runs a command that gets values in its environment, or in files that only it has.",
    discussion: """
      REF is TENANT/CONNECTOR#FIELD or CONNECTOR#FIELD; a field is access-token (exchanged, or as kept), refresh-token, \
      connector-id, connector-secret or api-base. What leaves is in the log before the command starts. The command takes \
      custody's place: it has its signals and its exit status. 127 and 126 mean that there is no such program, or one \
      that can't be run; nothing was revealed then.
      """)

  @OptionGroup var options: GlobalOptions
  @Option(
    name: .customLong("env"), parsing: .singleValue,
    help: ArgumentHelp("A value in the command's environment; repeat for more.", valueName: "name=ref"))
  var variables: [String] = []
  @Option(
    name: .customLong("fd"), parsing: .singleValue,
    help: ArgumentHelp("A value to read from this descriptor, 0 or 3 to 255; repeat for more.", valueName: "number=ref")
  )
  var descriptors: [String] = []
  @Option(
    name: .customLong("file"), parsing: .singleValue,
    help: ArgumentHelp("A value in a file in memory, whose path is in that variable.", valueName: "name=ref"))
  var files: [String] = []
  @OptionGroup var exchange: ReferenceOptions
  @Argument(parsing: .postTerminator, help: "The command and its arguments, behind \"--\".") var command: [String] = []

  func run() throws {
    guard let name = command.first else {
      throw VaultError(
        .usage, "there is no command to run", hint: "write it behind \"--\": custody exec --env NAME=REF -- CMD")
    }
    let bindings = try Bindings(variables: variables, descriptors: descriptors, files: files)
    let program = try Self.program(name)
    let start = try filled(bindings)
    let error = start.replaceThisProcess(with: program, lastArguments: command.count)
    throw VaultError(
      .programNotExecutable, "cannot run \"\(PrintableText.escape(name))\": \(error.text)", subject: name,
      hint: "the log says already that it got its values")
  }

  /// Fetches the values. On return the vault is closed and its keys are wiped.
  private func filled(_ bindings: Bindings) throws -> ProgramStart {
    let session = try options.unlock()
    for reference in bindings.references { try session.check(reference) }
    let asked = exchange.options
    let values = try Console.during("fetching values") {
      try session.values(of: bindings.references, how: .exec, asked)
    }
    return try bindings.start(values)
  }

  private static func program(_ name: String) throws -> Program {
    do { return try Program(named: name) } catch {
      let shown = PrintableText.escape(name)
      switch error {
      case .missing:
        throw VaultError(
          .programMissing, "there is no program \"\(shown)\"; nothing was revealed", subject: shown,
          hint: "check its name, and PATH")
      case .notExecutable:
        throw VaultError(
          .programNotExecutable, "\"\(shown)\" can't be run; nothing was revealed", subject: shown,
          hint: "check its permissions, and its first line if it is a script")
      }
    }
  }
}

/// Options for the exchanges that references cause.
struct ReferenceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A kept access token must live this long: 90s, 10m, 2h. A fifth of its life, 60s to 300s, if nothing is said.",
      valueName: "time"))
  var minLife: TimeSpan?
  @Option(
    help: ArgumentHelp("Trust the certificate authorities in this file, and no others.", valueName: "path"),
    completion: .file())
  var caFile: String?

  var options: ExchangeOptions {
    var options = ExchangeOptions()
    (options.minLife, options.caFile) = (minLife?.duration, caFile)
    options.warn = Console.warnOfReply
    return options
  }
}
