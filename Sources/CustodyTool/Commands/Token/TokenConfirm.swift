import CustodyEvidence
import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues

struct TokenConfirm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm", abstract: "Confirm where a token's secrets go, after that has changed.",
    discussion: """
      For an admin who holds the token. It shows where the secrets went, where they would go, and who changed that, and asks. \
      Until then nothing of it is sent anywhere.
      """)

  @OptionGroup var options: GlobalOptions
  @Argument(help: "The token's name; a beginning that no other has will do.") var name: String?
  @Option(help: ArgumentHelp("All tokens of this connector.", valueName: "name")) var connector: String?
  @OptionGroup var reason: ReasonOption
  @Flag(
    help: """
      Whoever was asked until now was not the provider, as after a typing error in the endpoint: forget their refusals and lost answers.
      """)
  var wrongEndpoint = false

  mutating func validate() throws {
    guard (name == nil) != (connector == nil) else { throw ValidationError("name a token, or --connector NAME") }
  }

  func run() throws {
    let session = try options.unlock()
    try session.require(.tokenConfirm)
    let names = try tokens(session)
    var shown: [(name: String, destination: Destination)] = []
    for name in names {
      let (confirmed, now) = try session.shownDestinations(of: name)
      let differences = try session.destinationDifferences(of: name)
      let doubt = try doubt(of: name, session)
      guard !differences.isEmpty || wrongEndpoint && doubt != nil else { continue }
      Console.warn("\(name): secrets went to \(said(confirmed.hosts)), and would go to \(said(now.hosts))")
      for difference in differences { Console.warn("  \(difference)") }
      for (purpose, url) in now.urls.sorted(by: { $0.key < $1.key }) {
        Console.warn("  \(purpose): \(PrintableText.escape(url))")
      }
      if let doubt { Console.warn("  \(doubt)") }
      shown.append((name, now))
    }
    guard !shown.isEmpty else {
      return try options.done(
        .tokenConfirm, connector ?? names.first ?? "", "nothing to confirm: it goes where it did",
        ["confirmed": .array([])])
    }
    if wrongEndpoint { Console.warn("what was answered there, or not, is forgotten: the next exchange asks") }
    try options.confirm(
      ["\(shown.count == 1 ? "This token goes" : "These \(shown.count) tokens go") there from now on."],
      question: "Confirm?")
    let confirming = shown
    try session.commit { transaction in
      for token in confirming {
        try transaction.confirm(
          token.name, to: token.destination, reason: reason.reason, keepingDoubt: !wrongEndpoint)
      }
    }
    try options.done(
      .tokenConfirm, connector ?? shown[0].name, "confirmed \(shown.map(\.name).joined(separator: ", "))",
      ["confirmed": .array(shown.map { .string($0.name) })])
  }

  /// The last exchange's failure, if it bars the next exchange or makes it risky. It may be due to an endpoint that was
  /// never the provider's.
  private func doubt(of name: String, _ session: borrowing Session) throws -> String? {
    guard let last = try session.lastExchange(of: session.token(name).id), !last.isOfOldRevision else { return nil }
    let what: String
    switch last.outcome {
    case .unknown: what = "nobody knows how its exchange of \(last.time.text) ended"
    case .refused: what = "it was refused at \(last.time.text)"
    case .done, .failed, .underWay: return nil
    }
    let told = last.reason.map { " (its journal says: \(PrintableText.quote($0)))" } ?? ""
    let way = wrongEndpoint ? "" : "; if the endpoint was not the provider's then, add --wrong-endpoint"
    return "\(what)\(told)\(way)"
  }

  private func said(_ hosts: [String]) -> String { PrintableText.escape(hosts.joined(separator: ", ")) }

  private func tokens(_ session: borrowing Session) throws -> [String] {
    if let name { return [try Resolving.item(.token, name, in: session)] }
    let connector = try Resolving.item(.connector, connector ?? "", in: session)
    return try Resolving.tokensInUse(of: connector, in: session)
  }
}
