import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues

struct TokenCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Is this a living refresh token of its connector? Asks nobody unless told to.",
    discussion: """
      The token is looked at in this process, and nothing of it is shown. With --live its provider is asked by an exchange, \
      whose new refresh token, if one comes, is stored. Status 0: fine. 8: dead. 2: not a refresh token of this connector. \
      Else as for an exchange.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument
  @Flag(help: "Ask the provider too, by an exchange.") var live = false
  @Flag(help: "Contact the provider even if it refused last time, or the last answer was lost.") var askAgain = false
  @Option(
    help: ArgumentHelp("Trust the certificate authorities in this file, and no others.", valueName: "path"),
    completion: .file())
  var caFile: String?

  func run() throws {
    let session = try options.unlock()
    let name = try Resolving.item(.token, item.name, in: session)
    let report = try session.check(name)
    guard live, report.verdict == .fine || askAgain && report.verdict == .dead else {
      try report.particulars(nil).print(json: options.json)
      if live { Console.warn("its provider was not asked: the answer is here") }
      return try report.leave()
    }
    if let rotation = report.rotation {
      try options.confirm([PrintableText.escape("\(rotation). It would be stored.")], question: "Ask the provider?")
    }
    let answer: (isRotated: Bool, warnings: [Hint])
    do { answer = try ask(session, name) } catch {
      // A token is dead only if the provider refused the token itself.
      let isRefused = error.code == .refusedByProvider
      try report.particulars(isRefused ? ("refused", .dead) : ("failed", report.verdict)).print(json: options.json)
      throw error
    }
    let said = answer.isRotated ? "alive; the new refresh token that came is stored" : "alive"
    try report.particulars((said, .fine), answer.warnings).print(json: options.json)
  }

  /// Exchanges the token. Returns `isRotated`, true if the refresh token was replaced, and the oddities of the reply.
  /// The access token stays in the vault.
  private func ask(
    _ session: borrowing Session, _ name: String
  ) throws(VaultError) -> (isRotated: Bool, warnings: [Hint]) {
    var exchange = ExchangeOptions()
    (exchange.isFresh, exchange.asksAgain, exchange.caFile) = (true, askAgain, caFile)
    exchange.warn = Console.warnOfReply
    ProgressLine.begin("asking the provider")
    defer { ProgressLine.end() }
    let token = try session.exchange(name, how: .nowhere, exchange)
    return (token.rotated, token.warnings)
  }
}

extension TokenReport {
  func particulars(_ live: (said: String, verdict: Verdict)?, _ warnings: [Hint] = []) -> Particulars {
    var particulars = Particulars()
    particulars.add("name", name)
    particulars.add("verdict", (live?.verdict ?? verdict).rawValue)
    let findings = examination.findings
    particulars.add("findings", .array(findings.map(\.json)))
    particulars.add("ends", deadlines.first?.when.text)
    particulars.add("why", deadlines.first?.why)
    particulars.add("command", deadlines.first?.step.command)
    particulars.add(
      "live_check", live?.said ?? "not made; \(rotation ?? "it would leave the refresh token as it is")")
    if let warnings = warnings.asJSON { particulars.add("warnings", warnings) }
    return particulars
  }

  func leave() throws {
    switch verdict {
    case .fine: return
    case .dead: throw ExitCode(VaultError.Code.expired.exitStatus)
    case .wrong: throw ExitCode(VaultError.Code.badInput.exitStatus)
    }
  }
}
