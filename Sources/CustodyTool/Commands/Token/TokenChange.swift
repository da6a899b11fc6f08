import CustodyEvidence
import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues

struct TokenChange: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "change", abstract: "Change a token's details; its value stays.",
    discussion: """
      For admins. Where that changes where its secrets go, it is sent nowhere until an admin who holds it has confirmed that: \
      "custody token confirm".
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var item: ItemArgument
  @OptionGroup var reason: ReasonOption
  @Option(help: "The token's reach: group, user or tenant.") var reach: Reach?
  @Option(help: "Anything worth knowing.") var note: String?
  @Option(help: ArgumentHelp("The provider's name for the tenant, where its token URL has one.", valueName: "id"))
  var providerTenant: String?
  @OptionGroup var variables: VariableOptions

  func run() throws {
    for text in [note, providerTenant].compactMap({ $0 }) where !PrintableText.isClean(text) {
      throw VaultError(
        .badInput, "\"\(PrintableText.escape(text))\" has characters that can't be seen or turn text round",
        hint: "type it instead of pasting it")
    }
    let session = try options.unlock()
    try session.require(.tokenChange)
    let name = try Resolving.item(.token, item.name, in: session)
    let before = try session.token(name).details
    var details = before
    details.reach = reach ?? details.reach
    details.note = note ?? details.note
    details.providerTenant = providerTenant ?? details.providerTenant
    let given = try variables.values(for: session.connector(details.connector).details)
    details.variables.merge(given) { $1 }
    let redirects = details.providerTenant != before.providerTenant || details.variables != before.variables
    let changed = details
    try session.commit { try $0.changeToken(name, reason: reason.reason) { $0 = changed } }
    try options.done(.tokenChange, name, "\(name) has new details", ["redirects": .bool(redirects)])
    if redirects { Console.say("it is sent nowhere until an admin types \(NextStep.confirm(token: name).quoted)") }
  }
}
