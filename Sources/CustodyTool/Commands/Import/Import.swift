import CustodyEvidence
import CustodyImport
import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodySecrets
import CustodySystem
import CustodyValues

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Stores connectors and tokens from another tool's export, all of them or none.",
    discussion: """
      Formats: csv, json, env, keepass-csv, op, bws, vault-kv; docs/IMPORT.md shows each. A name with a slash is a token, \
      TENANT/CONNECTOR; one without is a connector. --map says what a column or label means (Password=secret), or where a \
      key's value goes (CRM_TOKEN=contoso/crm-sync#refresh-token); "-" leaves it out.
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The file; \"-\" is standard input.", completion: .file()) var file: String
  @Option(name: .customLong("format"), help: ArgumentHelp("What the file is.", valueName: "format"))
  var importFormat: ImportFormat
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("The field that a name in the file stands for; repeat for more.", valueName: "from=to"))
  var map: [String] = []
  @Flag(help: "Show what would become of it, and store nothing.") var dryRun = false
  @Option(help: "The reach of tokens for which the file names none: group, user or tenant.") var reach: Reach?
  @Option(help: "The provider of connectors for which the file names none.", completion: .list(Preset.ids))
  var provider: String?

  func run() throws {
    let source = try ImportFile(read(), importFormat, map: ImportMap(typed: map))
    var plan = try ImportPlan(source, importFormat, ImportPlan.Defaults(provider: provider, reach: reach))
    var providers = ImportProviders()
    try plan.update { try providers.complete(&$1, at: $0) }
    if !source.leftOut.isEmpty {
      let more = source.leftOut.count > 20 ? " and \(source.leftOut.count - 20) more" : ""
      Console.say("left out: \(source.leftOut.prefix(20).joined(separator: ", "))\(more)")
    }
    let session = try options.unlock()
    if !plan.connectors.isEmpty { try session.require(.connectorRegister) }
    if !plan.tokens.isEmpty { try session.require(.tokenStore) }
    try session.check(&plan)
    guard !dryRun else { return try show(plan) }
    providers.warn()
    let storing = plan
    try Console.counting("storing \("item".counted(plan.connectors.count + plan.tokens.count))") {
      try session.store(storing, from: source, progress: $0)
    }
    try report(plan)
  }

  private func read() throws -> SecureBytes {
    guard file != "-" else { return try Input.standardInput(limit: ImportFile.limit) }
    return try Input.file(file, limit: ImportFile.limit)
  }

  /// Shows the names of the items, and the lengths of their secrets.
  private func show(_ plan: ImportPlan) throws {
    var report = Report("items", ["place", "type", "name", "provider", "reach", "secret_bytes"])
    for item in plan.connectors {
      let details = item.details
      report.rows.append(
        [item.place.text, "connector", details.name, details.provider, nil, String(item.byteCount)])
    }
    for item in plan.tokens {
      let details = item.details
      report.rows.append(
        [item.place.text, "token", details.name, details.provider, details.reach.rawValue, String(item.byteCount)])
    }
    try report.print(.table, json: options.json)
    Console.say("nothing was stored; without --dry-run these \(report.rows.count) will be, in one commit")
  }

  private func report(_ plan: ImportPlan) throws {
    let (connectors, tokens) = (plan.connectors.count, plan.tokens.count)
    if options.json {
      let done: JSONObject = [
        "v": 1, "done": "import", "connectors": .integer(connectors), "tokens": .integer(tokens),
      ]
      try Console.print(JSONValue.object(done).text())
    }
    Console.say("imported \(connectors) connectors and \(tokens) tokens")
    guard file != "-" else { return }
    Console.warn(
      "\(PrintableText.escape(file)) has their secrets in the clear still: \"shred -u\" destroys it on a plain disk")
    Console.warn(
      "on an SSD, on btrfs or ZFS, and in backups, copies stay: there only new values from the provider help")
  }
}

/// A cache of the providers that an import names, so that each is looked up once.
private struct ImportProviders {
  private var known: [String: Provider] = [:]
  private var sealing: [ConnectorDetails] = []

  /// Completes a connector's details with its provider's ID, and with the preset if it is not Custody's own. Throws if
  /// an exchange could not use them.
  mutating func complete(_ details: inout ConnectorDetails, at place: ImportPlace) throws {
    do {
      let provider = try known[details.provider] ?? Provider.named(details.provider)
      known[details.provider] = provider
      details.provider = provider.preset.id
      details.seal(provider.preset)
      try details.checkExchange()
    } catch let error as VaultError {
      throw VaultError(
        error.code, "\(place.text): \(error.reason); nothing is imported", subject: error.subject, hint: error.hint)
    }
    if details.preset != nil || details.endpoint != nil { sealing.append(details) }
  }

  func warn() {
    for details in sealing {
      if let endpoint = details.endpoint {
        Console.warn("\(details.name) will be exchanged at \(PrintableText.escape(endpoint))")
      }
      if let provider = known[details.provider] { details.warnOfPreset(provider.preset) }
    }
  }
}
