import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues

/// The item's name as an argument, and the commands that connectors and tokens share.
struct ItemArgument: ParsableArguments {
  @Argument(help: "Its name; a beginning that no other has will do. Or its ID.") var name: String

  func rekey(_ kind: ItemKind, _ leaving: NewKeyOptions, _ options: GlobalOptions) throws {
    let session = try options.unlock()
    let name = try Resolving.item(kind, name, in: session)
    let ended = try leaving.endedGrants(kind, name, session)
    if !ended.isEmpty {
      try options.confirm(
        ["\(ended.joined(separator: ", ")) will have no grant of \(name) any more: it has ended."], question: "Rekey?")
    }
    try session.commit { try $0.rekey(kind, name, leavingOut: ended) }
    try options.done(Action(.rekey, kind), name, "\(name) has a new data key")
  }

  func retire(
    _ kind: ItemKind, _ reason: String?, _ options: GlobalOptions, revocation: RevocationOptions? = nil
  ) throws {
    let session = try options.unlock()
    try session.require(Action(.retire, kind))
    let name = try Resolving.item(kind, name, in: session)
    var consequence = ["\(name) will be open to nobody any more; its record stays in the log."]
    let isRevoked = revocation?.revoke ?? false
    if kind == .token, isRevoked {
      let host = try session.revocationHost(of: name)
      consequence.append("\(host) is asked to revoke it first; if it does not, nothing is retired.")
    }
    let tokens = try kind == .connector ? tokensInUse(of: name, session) : []
    if !tokens.isEmpty {
      consequence.append("So will its tokens: \(tokens.joined(separator: ", ")).")
    }
    let advice = try kind == .token ? retiring(name, session).map { "- " + $0 } : []
    if kind == .token, !isRevoked {
      consequence.append("At its provider it lives on\(advice.isEmpty ? "." : ". To end it there:")")
      consequence += advice
    }
    try options.confirm(consequence, question: "Retire?")
    if isRevoked { return try revoke(name, reason, session, options, (revocation?.caFile, advice)) }
    try session.commit { try $0.retire(kind, name, reason: reason, withTokens: !tokens.isEmpty) }
    try options.done(
      Action(.retire, kind), name, "\(name) is retired",
      kind == .token ? ["revoked": false] : ["tokens": .array(tokens.map { .string($0) })])
  }

  /// Names of the tokens that would be retired with the connector. Only an admin may retire tokens; for others it is
  /// empty.
  private func tokensInUse(of name: String, _ session: borrowing Session) throws -> [String] {
    guard session.member?.role == .admin else { return [] }
    return try Resolving.tokensInUse(of: name, in: session)
  }

  private func revoke(
    _ name: String, _ reason: String?, _ session: borrowing Session, _ options: GlobalOptions,
    _ provider: (caFile: String?, advice: [String])
  ) throws {
    let done = try Console.during("asking the provider") {
      try session.revoke(name, reason: reason, caFile: provider.caFile)
    }
    if let doubt = done.doubt {
      Console.warn("warning: the provider took it, and the log does not say revoked: \(doubt)")
      provider.advice.forEach { Console.warn($0) }
    }
    let text = done.confirmed == nil ? "\(name) is retired" : "\(name) is revoked at its provider, and retired"
    try options.done(.tokenRetire, name, text, ["revoked": .bool(done.confirmed != nil)])
  }

  /// The provider's steps to end a token, from its preset.
  private func retiring(_ name: String, _ session: borrowing Session) throws -> [String] {
    let life = try session.unlessClosed { try session.tokenLife(name) }
    guard let connector = life?.connector?.details, let preset = try? Preset.forConnector(connector) else { return [] }
    return preset.retiring + (preset.revoke == nil ? [] : ["or let Custody ask for it: --revoke"])
  }
}
