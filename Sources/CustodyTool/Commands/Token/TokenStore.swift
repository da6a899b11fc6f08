import CustodyEvidence
import ArgumentParser
import Custody
import CustodyExchange
import CustodyLog
import CustodyJSON
import CustodyValues

struct TokenStore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store", abstract: "Keep a tenant's refresh token.",
    discussion: """
      It is typed at a hidden prompt, or comes by pipe, --from-file or --from-fd; or, with --login or --device, from the \
      provider, and nobody sees it. What is no refresh token of this connector is refused, unless --force is said. Only you \
      hold it then: \"custody token share\" hands it on.
      """)

  @OptionGroup var options: GlobalOptions
  @OptionGroup var input: SecretInput
  @OptionGroup var scrutiny: TokenScrutiny
  @OptionGroup var login: LoginOptions
  @Argument(help: "TENANT/CONNECTOR, as in contoso/crm-sync.") var name: String
  @Option(help: "The token's reach: group, user or tenant.") var reach: Reach
  @Option(help: "Anything worth knowing.") var note: String?
  @Option(help: ArgumentHelp("The provider's name for the tenant, where its token URL has one.", valueName: "id"))
  var providerTenant: String?
  @OptionGroup var variables: VariableOptions
  @Option(
    name: .customLong("with"), parsing: .singleValue,
    help: ArgumentHelp("Share it at once; repeat for more.", valueName: "member"))
  var recipients: [String] = []

  func run() throws {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      throw VaultError(
        .badName, "\"\(PrintableText.escape(name))\" is not a token's name",
        hint: "write TENANT/CONNECTOR, as in contoso/crm-sync")
    }
    try Name.check(parts[0], as: "a tenant's name")
    for text in [note, providerTenant].compactMap({ $0 }) where !PrintableText.isClean(text) {
      throw VaultError(
        .badInput, "\"\(PrintableText.escape(text))\" has characters that can't be seen or turn text round",
        hint: "type it instead of pasting it")
    }
    let session = try options.unlock()
    try session.require(.tokenStore)
    let connector = try Resolving.item(.connector, parts[1], in: session)
    let kept = try session.connector(connector).details
    var details = TokenDetails(tenant: parts[0], connector: connector, provider: kept.provider, reach: reach)
    details.note = note
    details.providerTenant = providerTenant
    details.variables = try variables.values(for: kept)
    let destination = try session.shownDestination(of: details)
    if kept.endpoint != nil || kept.preset != nil, !login.isAsked {
      Console.warn("it will be sent to \(PrintableText.escape(destination.hosts.joined(separator: ", ")))")
    }
    let members = try recipients.map { try Resolving.member($0, in: session) }
    if !members.isEmpty {
      let names = members.map(\.name).joined(separator: ", ")
      try options.confirm(["\(names) will be able to open \(details.name) from now on."], question: "Store and share?")
    }
    let shares = members.map { Share(with: $0.name) }
    let new = try NewToken(
      details, of: kept, in: session, (input, login, scrutiny, options), for: .store(to: destination))
    let (storing, source, expires, refused) = (details, new.source, new.expires, new.refusedScope)
    try new.keeping { value in
      try session.commit {
        try $0.store(
          storing, secret: value, sharing: shares, expires: expires, source: source, to: destination)
        if let refused { try $0.note(refused: refused, of: storing.name) }
      }
    }
    let reaching = reach == .tenant ? "; it reaches the whole organisation" : ""
    try options.done(.tokenStore, details.name, "stored \(details.name)\(reaching)", new.fields)
  }
}
