import CustodyEvidence
import ArgumentParser
import Custody
import CustodyExchange
import CustodyLog
import CustodySystem
import CustodyValues

/// Options of a login at the provider, which brings the refresh token straight into the vault.
struct LoginOptions: ParsableArguments {
  @Flag(help: "Consent in a browser on this machine: nobody sees or pastes the token.") var login = false
  @Flag(help: "Consent on any device, by a code.") var device = false
  @Flag(help: "Open the browser, by xdg-open.") var open = false
  @Option(
    help: ArgumentHelp(
      "The port that the browser comes back to, for a provider that must know it beforehand.", valueName: "n"))
  var port: UInt16?
  @Option(help: ArgumentHelp("The time to wait for the browser; 5m by default.", valueName: "time"))
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

  /// Shows where to consent, and waits for the consent.
  func grant(
    for token: TokenDetails, in session: borrowing Session, _ use: NewToken.Use, _ options: GlobalOptions
  ) throws -> Login.Grant {
    let shown: Destination
    switch use {
    case .store(let destination):
      guard !session.contains(.token, token.name) else {
        throw VaultError(
          .conflict, "there is a token \"\(token.name)\" already", subject: token.name,
          hint: "for a new value of it: \"custody token rotate \(token.name)\"")
      }
      try confirm(destination, of: session.connector(token.connector), in: session, options)
      shown = destination
    case .rotate: shown = try session.destinations(of: token.name).now
    }
    let login = try Login(token, in: session, for: use.action, to: shown, caFile: caFile)
    Console.say("the connector's secret goes to \(login.host), and the refresh token comes from there")
    return device ? try byCode(login) : try byBrowser(login)
  }

  /// Asks before the connector's secret is sent for a new token, which has no confirmed destination yet. It is not
  /// asked if the destination is the built-in preset's, set by this member alone.
  private func confirm(
    _ destination: Destination, of connector: Listing<ConnectorDetails>, in session: borrowing Session,
    _ options: GlobalOptions
  ) throws {
    let (details, change) = (connector.details, connector.item.details)
    let isOthers = change.author != session.memberID
    guard details.endpoint != nil || details.preset != nil || isOthers else { return }
    let hosts = PrintableText.escape(destination.hosts.joined(separator: ", "))
    var lines = ["The connector's secret goes to \(hosts), and what comes back becomes the token."]
    lines += destination.urls.sorted { $0.key < $1.key }.map { "  \($0.key): \(PrintableText.escape($0.value))" }
    if isOthers {
      let author = try session.members().first { $0.id == change.author }?.name ?? change.author.hex
      lines.append("\(author) gave \(details.name) these details at \(change.moment.time.text).")
    }
    try options.confirm(lines, question: "Send it there?")
  }

  private func byBrowser(_ login: Login) throws -> Login.Grant {
    let browser = try BrowserLogin(login, port: port ?? 0)
    Console.warn("open this address in a browser on this machine, and consent as the tenant's admin:")
    Console.warn(browser.url)
    if open {
      do { try WebBrowser.show(browser.url) } catch {
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
