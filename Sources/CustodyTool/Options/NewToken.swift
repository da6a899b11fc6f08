import CustodyEvidence
import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodySecrets
import CustodySystem
import CustodyValues

/// A refresh token to be stored: typed or piped by an admin, or straight from its provider.
struct NewToken: ~Copyable {
  /// The purpose of the value.
  enum Use {
    /// A new token, whose secrets go to the destination that its admin was shown.
    case store(to: Destination)
    case rotate

    var action: Action {
      switch self {
      case .store: .tokenStore
      case .rotate: .tokenRotate
      }
    }
  }

  let value: SecureBytes
  let source: Source?
  let expires: Timestamp?
  /// The connector's scope, if a login was granted less of it.
  let refusedScope: String?
  /// Fields for `--json`.
  let fields: JSONObject
  /// Signals held back from the provider's reply until the token is stored.
  private let signals: HeldSignals?

  init(
    _ token: TokenDetails?, of connector: ConnectorDetails?, in session: borrowing Session,
    _ asked: (input: SecretInput, login: LoginOptions, scrutiny: TokenScrutiny, options: GlobalOptions),
    for use: Use
  ) throws {
    guard asked.login.isAsked else {
      let label = use.action == .tokenStore ? "Refresh token: " : "New refresh token: "
      let typed = try asked.input.read(label, asked.options)
      guard let token else {
        // The token's details can't be decrypted, so its form can't be checked.
        value = typed
        (source, expires, fields, signals, refusedScope) = (nil, nil, [:], nil, nil)
        return
      }
      let found = try asked.scrutiny.look(at: typed, token, connector, asked.options)
      value = typed
      (source, expires, fields, signals, refusedScope) = (nil, found.expires, found.fields, nil, nil)
      return
    }
    guard asked.input.fromFile == nil, asked.input.fromFd == nil else {
      throw VaultError(
        .usage, "a token that comes from its provider is not read from a file or descriptor",
        hint: "leave out --from-file and --from-fd, or --login and --device")
    }
    guard let token else {
      throw VaultError(
        .integrity, "cannot log in for a token whose details do not open", hint: "leave out --login and --device")
    }
    let grant = try asked.login.grant(for: token, in: session, use, asked.options)
    let (source, expires, signals) = (grant.source, grant.expires, grant.signals)
    let ungranted = grant.ungranted
    let warnings = (grant.warnings + [ungranted.map(Self.told)].compactMap { $0 }).map { Hint($0) }
    warnings.forEach { Console.warnOfReply($0) }
    let given = grant.takeToken()
    // A token that the provider has just issued is not refused for its form.
    let found = try TokenInspection(token, of: connector).examine(given)
    value = given
    (self.source, self.expires, self.signals) = (source, expires ?? found.expires, signals)
    refusedScope = ungranted?.scope
    var fields: JSONObject = ["source": .string(source.rawValue)]
    fields["warnings"] = warnings.asJSON
    self.fields = fields
  }

  private static func told(_ ungranted: Login.Ungranted) -> String {
    let words = [ungranted.missing, ungranted.granted].map { PrintableText.quote($0.joined(separator: " ")) }
    return "less was granted than was asked for: not \(words[0]), but \(words[1]); exchanges will not repeat the scope"
  }

  /// Stores the token by `body`, and warns if a login's token is lost: only this process has it.
  borrowing func keeping(_ body: (borrowing SecureBytes) throws -> Void) throws {
    do { try body(value) } catch {
      if source != nil { Console.warn("the refresh token that the provider gave is lost: have it revoked there") }
      throw error
    }
  }
}
