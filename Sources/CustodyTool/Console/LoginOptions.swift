import ArgumentParser
import Custody
import CustodyExchange
import CustodyLog
import CustodyMemory

/// A refresh token that comes from its provider straight into the vault.
struct LoginOptions: ParsableArguments {
  @Flag(help: "Consent in a browser on this machine: nobody sees or pastes the token.") var login = false
  @Flag(help: "Consent on any device, by a code.") var device = false
  @Option(
    help: ArgumentHelp("Where the browser comes back to, if the provider wants to know it beforehand.", valueName: "n"))
  var port: UInt16 = 0
  @Option(help: ArgumentHelp("How long to wait for the browser.", valueName: "time")) var wait = TimeSpan(seconds: 300)
  @Option(
    name: .customLong("ca-file"),
    help: ArgumentHelp("Trust the certificate authorities in this file, and no others.", valueName: "path"))
  var caFile: String?

  func validate() throws {
    if login, device { throw ValidationError("--login and --device exclude each other") }
  }

  var isAsked: Bool { login || device }

  /// Shows where to consent, and waits until somebody has.
  func grant(
    for token: TokenDetails, in session: borrowing Session, _ action: Action
  ) throws -> Login.Grant {
    let login = try Login(token, in: session, for: action, caFile: caFile)
    return device ? try byCode(login, token) : try byBrowser(login, token)
  }

  private func byBrowser(_ login: Login, _ token: TokenDetails) throws -> Login.Grant {
    let browser = try BrowserLogin(login, for: token, port: port)
    Console.say("open this address in a browser on this machine, and consent as the tenant's admin:")
    Console.say(browser.url)
    return try Console.during("waiting for the browser") { try browser.finish(within: wait.duration) }
  }

  private func byCode(_ login: Login, _ token: TokenDetails) throws -> Login.Grant {
    let device = try DeviceLogin(login, for: token)
    Console.say("on any device open \(PrintableText.escape(device.address)) and type the code \(device.userCode)")
    if let whole = device.wholeAddress { Console.say("or open \(PrintableText.escape(whole))") }
    return try Console.during("waiting for consent") { try device.finish() }
  }
}
