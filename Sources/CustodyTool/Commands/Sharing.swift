import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyValues

/// What connectors and tokens have in common.
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
    try options.done(kind == .token ? .tokenRekey : .connectorRekey, name, "\(name) has a new data key")
  }

  func retire(
    _ kind: ItemKind, _ reason: String?, _ options: GlobalOptions, revocation: RevocationOptions? = nil
  ) throws {
    let session = try options.unlock()
    try session.require(kind == .token ? .tokenRetire : .connectorRetire)
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
      kind == .token ? .tokenRetire : .connectorRetire, name, "\(name) is retired",
      kind == .token ? ["revoked": false] : ["tokens": .array(tokens.map { .string($0) })])
  }

  /// Only an admin retires a token, and so a connector with tokens.
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

  /// What a person does at the provider, as its preset says.
  private func retiring(_ name: String, _ session: borrowing Session) throws -> [String] {
    let life = try session.unlessClosed { try session.tokenLife(name) }
    guard let connector = life?.connector?.details, let preset = try? Preset.forConnector(connector) else { return [] }
    return preset.retiring + (preset.revoke == nil ? [] : ["or let Custody ask for it: --revoke"])
  }
}

struct RevocationOptions: ParsableArguments {
  @Flag(help: "Have the provider make the token worthless first.") var revoke = false
  @Option(
    name: .customLong("ca-file"),
    help: ArgumentHelp("Trust the certificate authorities in this file, and no others.", valueName: "path"),
    completion: .file())
  var caFile: String?
}

struct ReasonOption: ParsableArguments {
  @Option(help: ArgumentHelp("Why; kept sealed, for who may see the item's details.", valueName: "text"))
  var reason: String?
}

struct ShareOptions: ParsableArguments {
  @OptionGroup var item: ItemArgument
  @Option(name: .customLong("with"), help: ArgumentHelp("Who gets it.", valueName: "member")) var recipient: String
  @Option(help: ArgumentHelp("When the grant ends: RFC 3339, or a date, whose end is meant.", valueName: "time"))
  var until: String?
  @OptionGroup var reason: ReasonOption

  func run(_ kind: ItemKind, _ options: GlobalOptions) throws {
    let until = try until.map { try Times.parse($0, .end) }
    let session = try options.unlock()
    try session.require(kind == .token ? .tokenShare : .connectorShare)
    let name = try Resolving.item(kind, item.name, in: session)
    let member = try Resolving.member(recipient, in: session)
    let revision = try session.revision(kind, name)
    let ending = until.map { " until \($0.text)" } ?? ""
    try options.confirm(
      [
        "\(member.marked) will be able to open \(name) (revision \(revision)) from now on\(ending).",
        "Taking it back later stops later revisions; it does not make anyone forget this one.",
      ], question: "Share?")
    try session.commit {
      try $0.share(kind, name, Share(with: member.name, until: until, reason: reason.reason))
    }
    try options.done(
      kind == .token ? .tokenShare : .connectorShare, name, "\(name) is shared with \(member.name)",
      ["to": .string(member.name), "until": until.map { .string($0.text) } ?? .null])
    if kind == .token { try adviseOnConnector(of: name, member, session) }
  }

  /// A token alone does not exchange.
  private func adviseOnConnector(of name: String, _ member: Member, _ session: borrowing Session) throws {
    let details = try session.token(name).details
    var isWithout = false
    try session.eachConnector { connector in
      guard connector.details.name == details.connector, !connector.item.isRetired else { return }
      isWithout = isWithout || connector.grants[member.id] == nil
    }
    guard isWithout else { return }
    Console.say(
      "to exchange it \(member.name) also needs the connector: \"custody connector share \(details.connector) --with \(member.name)\""
    )
  }
}

struct SettleOptions: ParsableArguments {
  static let discussion = """
    An admin who rotates what they do not hold can't tell whether the new value is another one: "custody exposure" goes on \
    showing the one before. An admin who held that one ends it here, once its provider has revoked it.
    """

  @OptionGroup var item: ItemArgument
  @Option(help: ArgumentHelp("Which value, as \"custody exposure\" shows it.", valueName: "number")) var revision:
    UInt64
  @OptionGroup var reason: ReasonOption

  func run(_ kind: ItemKind, _ options: GlobalOptions) throws {
    let action: Action = kind == .token ? .tokenSettle : .connectorSettle
    let session = try options.unlock()
    try session.require(action)
    let name = try Resolving.item(kind, item.name, in: session)
    try options.confirm(
      ["You say that revision \(revision) of \(name) is worthless at its provider; its exposure ends by that."],
      question: "Is it?")
    try session.commit { try $0.settle(kind, name, revision: revision, reason: reason.reason) }
    try options.done(
      action, name, "revision \(revision) of \(name) exposes nothing any more", ["revision": .integer(revision)])
  }
}

struct UnshareOptions: ParsableArguments {
  @OptionGroup var item: ItemArgument
  @Option(name: [.customLong("from"), .customLong("with")], help: ArgumentHelp("Who loses it.", valueName: "member"))
  var member: String
  @OptionGroup var reason: ReasonOption

  func run(_ kind: ItemKind, _ options: GlobalOptions) throws {
    let session = try options.unlock()
    try session.require(kind == .token ? .tokenUnshare : .connectorUnshare)
    let name = try Resolving.item(kind, item.name, in: session)
    let member = try Resolving.member(member, in: session)
    try options.confirm(
      [
        "\(member.name) will open no later revision of \(name).",
        "What they could open until now they may know: rotate it at the provider to end that.",
      ] + DepartureOptions.replaced(by: member, session, of: session.item(kind, name).id), question: "Take it back?")
    let done = try session.commit { try $0.unshare(kind, name, from: member.name, reason: reason.reason) }
    try options.done(
      kind == .token ? .tokenUnshare : .connectorUnshare, name, "\(member.name) has no grant of \(name) any more",
      ["to": .string(member.name), "rekeyed": .bool(done == .rekeyed)])
    switch done {
    case .rekeyed: Console.say("\(name) has a new data key")
    case .needsRekey:
      Console.warn("\(member.name) may still hold the data key of \(name)")
      Console.warn("hint: whoever holds it must run \"custody \(kind.rawValue) rekey \(name)\"")
    }
  }
}

enum Times {
  static func parse(_ text: String, _ edge: Timestamp.DateEdge) throws -> Timestamp {
    do { return try Timestamp(typed: text, date: edge) } catch {
      throw VaultError(
        .badInput, "\"\(PrintableText.escape(text))\" is not a time",
        hint: "write 2027-11-01, or 2027-11-01T09:30:00Z")
    }
  }
}

extension Session {
  func revision(_ kind: ItemKind, _ name: String) throws -> UInt64 {
    try item(kind, name).revision
  }
}
