import ArgumentParser
import Custody
import CustodySystem
import CustodyValues

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check this machine and the vault's file, and say how to mend what is wrong.",
    discussion: """
      Looks at the vault's file, its folder and file system, at what this machine remembers of it, at memory, clock, agent \
      and libcurl. It needs no passphrase, and mends nothing. What it can't know without one it says. Status 0: nothing is \
      bad, though something may be worth a look. 1: something is.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let findings = VaultCheckup(try options.vaultPath()).findings + MachineCheckup().findings
    let isForPeople = report.format == .table && !options.json
    try isForPeople
      ? findings.forEach { try $0.print() } : Finding.report(findings).print(report.format, json: options.json)
    let count = { (state: Finding.State) in findings.count { $0.state == state } }
    if !options.json {
      Console.say("\(count(.bad)) bad, \(count(.warn)) worth a look, \(count(.unknown)) not known, \(count(.ok)) fine")
    }
    guard count(.bad) == 0 else { throw ExitCode(VaultError.Code.failed.exitStatus) }
  }
}

/// The result of one check.
struct Finding {
  enum State: String {
    case ok, unknown, warn, bad
  }

  let check: String
  let state: State
  let found: String
  /// The command to type, or the thing to do.
  let remedy: String?

  init(_ check: String, _ state: State, _ found: String, _ remedy: String? = nil) {
    (self.check, self.state, self.found, self.remedy) = (check, state, found, remedy)
  }

  init(_ check: String, _ state: State, _ error: VaultError) {
    self.init(check, state, error.reason, error.hint?.typed)
  }

  static func report(_ findings: [Finding]) -> Report {
    var report = Report("checks", ["check", "state", "found", "remedy"])
    report.rows = findings.map { [$0.check, $0.state.rawValue, $0.found, $0.remedy] }
    return report
  }

  /// Prints the finding, wrapped and never shortened, so that a command can be copied whole.
  func print() throws {
    let head = Self.pad(state.rawValue, 9) + Self.pad(check, 14)
    let isNarrow = Output.columns(of: 1).map { $0 < 60 } ?? false
    if isNarrow { try Console.print(head) }
    let margin = String(repeating: " ", count: isNarrow ? 2 : head.count)
    try Self.print(found, behind: isNarrow ? margin : head)
    if let remedy { try Self.print("→ \(remedy)", behind: margin) }
  }

  private static func print(_ text: String, behind head: String) throws {
    let shown = PrintableText.escape(text)
    let room = Output.columns(of: 1).map { max(16, $0 - head.count) } ?? .max
    for (number, line) in (room == .max ? [shown] : Wrapped.lines(shown, width: room)).enumerated() {
      try Console.print((number == 0 ? head : String(repeating: " ", count: head.count)) + line)
    }
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
