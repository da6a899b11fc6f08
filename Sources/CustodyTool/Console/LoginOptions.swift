import ArgumentParser
import Custody
import CustodyExchange
import CustodyLog
import CustodyMemory

/// A refresh token that comes from its provider straight into the vault.
struct LoginOptions: ParsableArguments {
  @Flag(help: "Consent in a browser on this machine: nobody sees or pastes the token.") var login = false
  @Flag(help: "Consent on any device, by a code.") var device = false
  @Flag(help: "Open the browser, by xdg-open.") var open = false
  @Option(
    help: ArgumentHelp("Where the browser comes back to, if the provider wants to know it beforehand.", valueName: "n"))
  var port: UInt16?
  @Option(help: ArgumentHelp("How long to wait for the browser: 5m, if nothing is said.", valueName: "time"))
  var wait: TimeSpan?
  @Option(
    name: .customLong("ca-file"),
    help: ArgumentHelp("Trust the certificate authorities in this file, and no others.", valueName: "path"),
    completion: .file())
  var caFile: String?

  func validate() throws {
    if login, device { throw ValidationError("--login and --device exclude each other") }
    if !login, open || port != nil || wait != nil { throw ValidationError("--open, --port and --wait go with --login") }
  }

  var isAsked: Bool { login || device }

  /// Shows where to consent, and waits until somebody has.
  func grant(
    for token: TokenDetails, in session: borrowing Session, _ action: Action
  ) throws -> Login.Grant {
    if action == .tokenStore, session.contains(.token, token.name) {
      throw VaultError(
        .conflict, "there is a token \"\(token.name)\" already", subject: token.name,
        hint: "for a new value of it: \"custody token rotate \(token.name)\"")
    }
    let login = try Login(token, in: session, for: action, caFile: caFile)
    Console.say("the connector's secret goes to \(login.host), and the refresh token comes from there")
    return device ? try byCode(login) : try byBrowser(login)
  }

  private func byBrowser(_ login: Login) throws -> Login.Grant {
    let browser = try BrowserLogin(login, port: port ?? 0)
    Console.warn("open this address in a browser on this machine, and consent as the tenant's admin:")
    Console.warn(browser.url)
    if open {
      do { try WebBrowser.open(browser.url) } catch {
        Console.warn("cannot run xdg-open: \(error.text)")
      }
    }
    let limit = wait ?? TimeSpan(seconds: 300)
    return try Console.during("waiting for the browser") { try browser.finish(within: limit.duration) }
  }

  private func byCode(_ login: Login) throws -> Login.Grant {
    let device = try Console.during("asking for a code") { try DeviceLogin(login) }
    Console.warn("on any device open \(PrintableText.escape(device.address)) and type the code \(device.userCode)")
    if let whole = device.wholeAddress { Console.warn("or open \(PrintableText.escape(whole))") }
    return try Console.during("waiting for consent") { try device.finish() }
  }
}
