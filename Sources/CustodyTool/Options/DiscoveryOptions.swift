import ArgumentParser
import Custody
import CustodyExchange
import CustodyValues

/// Options for a provider whose endpoints are discovered from its issuer.
struct DiscoveryOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Ask this issuer for its endpoints, for provider oauth2.", valueName: "url"))
  var issuer: String?
  @Option(
    name: .customLong("ca-file"),
    help: ArgumentHelp("Trust the certificate authorities in this file, and no others.", valueName: "path"),
    completion: .file())
  var caFile: String?

  func preset(for provider: String, _ options: GlobalOptions) throws -> Preset {
    guard let issuer else { return try Provider.named(provider).preset }
    guard provider == "oauth2" else {
      throw VaultError(
        .usage, "--issuer is for provider oauth2: \"\(PrintableText.escape(provider))\" has a preset",
        hint: "leave out --issuer, or say --provider oauth2")
    }
    let today = String(Timestamp.now().text.prefix(10))
    let found = try Console.during("asking the issuer") {
      try Discovery(issuer: issuer, today: today, caFile: caFile)
    }
    for endpoint in found.endpoints { Console.warn("\(endpoint.name): \(endpoint.url)") }
    guard !found.otherHosts.isEmpty else { return found.preset }
    let hosts = found.otherHosts.joined(separator: ", ")
    try options.confirm(
      ["Not on the issuer's own host: \(hosts). The connector's secret and its tokens would go there."],
      question: "Trust it?")
    return found.preset
  }
}
