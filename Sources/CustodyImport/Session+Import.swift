public import CustodySystem
internal import CustodyEvidence
public import Custody
internal import CustodyLog
internal import CustodyValues

extension Session {
  /// Checks a plan against the vault before anything is stored, and sets each token's provider to its connector's.
  ///
  /// - Parameter plan: The plan. Its tokens' providers are set.
  /// - Throws: `VaultError` with the code `conflict` if the vault has an item of one of the names, or `badInput` for
  ///   a token without a connector or with another provider than its connector's.
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

  /// Stores all items of a plan in one commit, or none. Only one secret at a time is copied out of the file's memory.
  ///
  /// - Parameters:
  ///   - plan: A plan that `check(_:)` has checked.
  ///   - file: The file that the plan was made from.
  ///   - progress: Called with the count of items stored so far and the count of all.
  /// - Throws: `VaultError` with the item's place in the file; then nothing is stored.
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
