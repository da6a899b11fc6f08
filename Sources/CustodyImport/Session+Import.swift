public import CustodySystem
internal import CustodyEvidence
public import Custody
internal import CustodyLog
internal import CustodyValues

extension Session {
  /// What the vault says to a plan before anything is stored: names that are taken, tokens without a connector. Tokens
  /// get their connectors' provider.
  public func check(_ plan: inout ImportPlan) throws(VaultError) {
    let taken =
      plan.connectors.filter { contains(.connector, $0.details.name) }.map(\.details.name)
      + plan.tokens.filter { contains(.token, $0.details.name) }.map(\.details.name)
    if !taken.isEmpty {
      let more = taken.count > 5 ? " and \(taken.count - 5) more" : ""
      throw VaultError(
        .conflict, "the vault has \(taken.prefix(5).joined(separator: ", "))\(more) already; nothing is imported",
        subject: taken[0], hint: "take them out of the file; \"rotate\" gives one a new value")
    }
    var providers = Dictionary(
      plan.connectors.map { ($0.details.name, $0.details.provider) }, uniquingKeysWith: { first, _ in first })
    for index in plan.tokens.indices {
      let details = plan.tokens[index].details
      var known = providers[details.connector]
      if known == nil { known = try self.provider(of: details.connector) }
      guard let provider = known else {
        throw .malformed(
          plan.tokens[index].place.text, "there is no connector \"\(details.connector)\", in the vault or in the file",
          hint: "register it first, or import it with its tokens")
      }
      providers[details.connector] = provider
      guard details.provider.isEmpty || details.provider == provider else {
        throw .malformed(
          plan.tokens[index].place.text,
          "its provider is \"\(PrintableText.escape(details.provider))\", and its connector's is \"\(provider)\"")
      }
      plan.tokens[index].details.provider = provider
    }
  }

  private func provider(of connector: String) throws(VaultError) -> String? {
    contains(.connector, connector) ? try self.connector(connector).details.provider : nil
  }

  /// All of it in one commit under one checkpoint, or nothing. A secret is out of the file's memory for one entry only.
  public func store(
    _ plan: ImportPlan, from file: ImportFile, progress: @escaping ProgressReport = { _, _ in }
  ) throws(VaultError) {
    let tally = Tally(of: UInt64(plan.connectors.count + plan.tokens.count), progress)
    try translating {
      try commit { transaction in
        for item in plan.connectors {
          try placing(item.place) { try transaction.register(item.details, secret: file.secret(at: item.secret)) }
          tally.add()
        }
        for item in plan.tokens {
          try placing(item.place) { try transaction.store(item.details, secret: file.secret(at: item.secret)) }
          tally.add()
        }
      }
    }
  }

  private func placing(_ place: ImportPlace, _ body: () throws -> Void) throws {
    do { try body() } catch let error as VaultError {
      throw error.saying("\(place.text): \(error.reason); nothing is imported", hint: error.hint)
    }
  }
}
