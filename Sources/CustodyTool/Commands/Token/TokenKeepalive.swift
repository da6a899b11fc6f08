internal import CustodyEvidence
import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues

struct TokenKeepalive: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keepalive", abstract: "Exchange tokens that would lapse unused, and those that can be renewed now.",
    discussion: """
      New refresh tokens are stored; the access tokens stay in the vault. One line a token, none where there is nothing to do; \
      goes on after a failure, and ends with the status of the worst. For cron: custody token keepalive --all
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "Names of tokens; beginnings that no other has will do.") var names: [String] = []
  @Flag(help: "Every token to which you have access, with its connector.") var all = false
  @Option(help: ArgumentHelp("Exchange what ends within this time.", valueName: "time")) var within = TimeSpan(
    seconds: 7 * 86_400)
  @Flag(help: "Say what would be exchanged, and ask nobody.") var dryRun = false
  @Option(
    help: ArgumentHelp("Trust the certificate authorities in this file, and no others.", valueName: "path"),
    completion: .file())
  var caFile: String?

  mutating func validate() throws {
    guard all != !names.isEmpty else { throw ValidationError("name tokens, or say --all") }
  }

  func run() throws {
    let session = try options.unlock()
    try session.require(.tokenExchange)
    let wanted = try Set(names.map { try Resolving.item(.token, $0, in: session) })
    let now = session.now
    var reader = DeathCalendar.Reader(try session.members(), now: now)
    try Console.counting("reading tokens") { progress in
      try session.eachTokenLife(progress: progress) {
        if all ? session.holdsForExchange($0) : wanted.contains($0.listing.details.name) { reader.add($0) }
      }
    }
    let due = reader.calendar.toExchange(at: now, within: within)
    var done: [RenewalOutcome] = []
    try Console.counting("asking providers") { progress in
      for deadline in due {
        let outcome = dryRun ? RenewalOutcome(deadline, nil, isRotated: nil) : exchange(deadline, session)
        if !options.json { try Console.print(outcome.line) }
        done.append(outcome)
        progress(UInt64(done.count), UInt64(due.count))
      }
    }
    if options.json { try Console.print(JSONValue.object(["v": 1, "tokens": .array(done.map(\.json))]).text()) }
    let worst = Self.worst(done.compactMap { $0.error?.code.exitStatus })
    if worst != 0 { throw ExitCode(worst) }
  }

  private func exchange(_ deadline: Deadline, _ session: borrowing Session) -> RenewalOutcome {
    var exchange = ExchangeOptions()
    (exchange.isFresh, exchange.caFile) = (true, caFile)
    exchange.warn = Console.warnOfReply
    do {
      let token = try session.exchange(deadline.name, how: .nowhere, exchange)
      return RenewalOutcome(deadline, nil, isRotated: token.rotated, token.warnings)
    } catch { return RenewalOutcome(deadline, error, isRotated: nil) }
  }

  /// The exit status for several failures; a passing one (11) counts only if there is no other.
  private static func worst(_ statuses: [Int32]) -> Int32 {
    let passing = VaultError.Code.busy.exitStatus
    return statuses.filter { $0 != passing }.max() ?? statuses.max() ?? 0
  }
}

/// The outcome of one token's exchange.
private struct RenewalOutcome {
  let deadline: Deadline
  let error: VaultError?
  /// True if a new refresh token came; nil if there was no exchange.
  let isRotated: Bool?
  let warnings: [Hint]

  init(_ deadline: Deadline, _ error: VaultError?, isRotated: Bool?, _ warnings: [Hint] = []) {
    (self.deadline, self.error, self.isRotated, self.warnings) = (deadline, error, isRotated, warnings)
  }

  var line: String {
    let what: String
    if let error {
      what = "failed: \(error.reason)\(error.hint.map { " (\($0.typed))" } ?? "")"
    } else {
      switch isRotated {
      case .some(true): what = "exchanged; its new refresh token is stored"
      case .some(false): what = "exchanged"
      case .none: what = "would be exchanged: \(deadline.why)"
      }
    }
    return "\(PrintableText.escape(deadline.name)): \(PrintableText.escape(what))"
  }

  var json: JSONValue {
    var object: JSONObject = [
      "name": .string(deadline.name), "end": .string(deadline.end.rawValue), "when": .string(deadline.when.text),
      "rotated": isRotated.map { .bool($0) } ?? .null, "error": error.map { .string($0.code.name) } ?? .null,
      "message": error.map { .string($0.reason) } ?? .null, "hint": error?.hint.map { .string($0.typed) } ?? .null,
    ]
    object["warnings"] = warnings.asJSON
    return .object(object)
  }
}
