import CustodyEvidence
import ArgumentParser
import Custody
import CustodyExchange
import CustodyJSON
import CustodyValues

/// Options that state facts about a provider without a preset. `connector change` takes each back by `unknown`, 0 or
/// "".
struct ProviderFactsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "For oauth2: whether an exchange brings a new refresh token: never, always, optional, late, or unknown.",
      discussion: "Where nobody says so, what exchanges of a token have brought tells; before the first, always.",
      valueName: "when"),
    completion: .list(Preset.Rotation.allCases.map(\.rawValue)))
  var rotation: String?
  @Option(
    help: ArgumentHelp(
      "For oauth2: what becomes of the old one then: valid, dead, grace, or unknown.", valueName: "fate"),
    completion: .list(Preset.OldToken.allCases.map(\.rawValue)))
  var oldToken: String?
  @Option(
    help: ArgumentHelp(
      "With --old-token grace: the time for which the old one still works, such as 60s.", valueName: "time"))
  var grace: TimeSpan?
  @Option(help: ArgumentHelp("For oauth2: how long a refresh token lives, used or not.", valueName: "days"))
  var refreshDays: Int64?
  @Option(help: ArgumentHelp("For oauth2: how long one lives without use.", valueName: "days"))
  var idleDays: Int64?
  @Option(help: ArgumentHelp("For oauth2: the call that revokes a token (RFC 7009).", valueName: "url"))
  var revokeURL: String?
  @Option(help: ArgumentHelp("For oauth2: the sign-in page, for --login.", valueName: "url"))
  var authorizeURL: String?
  @Option(help: ArgumentHelp("For oauth2: where a device code comes from, for --device.", valueName: "url"))
  var deviceURL: String?
  @Flag(
    inversion: .prefixedNo,
    help: "For oauth2: repeat the scope in each exchange. Without a word it is, but where a login was granted less.")
  var scopeInRefresh: Bool?

  private static let mostDays: Int64 = 36_500

  func validate() throws {
    for (name, days) in [("--refresh-days", refreshDays), ("--idle-days", idleDays)] {
      guard let days, !(0...Self.mostDays ~= days) else { continue }
      throw ValidationError("\(name) is from 1 to \(Self.mostDays)")
    }
  }

  /// Sets the stated facts; the others stay.
  func apply(to facts: inout ProviderFacts) {
    facts.rotation = Self.said(rotation, unless: Preset.Rotation.unknown.rawValue, facts.rotation)
    facts.oldToken = Self.said(oldToken, unless: Preset.OldToken.unknown.rawValue, facts.oldToken)
    if let grace { facts.graceSeconds = grace.duration.components.seconds }
    if let oldToken, oldToken != Preset.OldToken.grace.rawValue, grace == nil { facts.graceSeconds = nil }
    if let refreshDays { facts.refreshDays = refreshDays == 0 ? nil : refreshDays }
    if let idleDays { facts.idleDays = idleDays == 0 ? nil : idleDays }
    facts.revokeURL = Self.said(revokeURL, unless: "", facts.revokeURL)
    facts.authorizeURL = Self.said(authorizeURL, unless: "", facts.authorizeURL)
    facts.deviceURL = Self.said(deviceURL, unless: "", facts.deviceURL)
    facts.scopeInRefresh = scopeInRefresh ?? facts.scopeInRefresh
  }

  private static func said(_ given: String?, unless none: String, _ before: String?) -> String? {
    guard let given else { return before }
    return given == none ? nil : given
  }
}

extension [Hint] {
  /// The list as JSON; nil if it is empty.
  var asJSON: JSONValue? { isEmpty ? nil : .array(map { .string($0.typed) }) }
}

extension Console {
  /// Warns of an oddity in a provider's reply.
  static func warnOfReply(_ words: Hint) { warn("warning: \(PrintableText.escape(words.typed))") }
}
