import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyMemory

/// A refresh token that is to be kept: typed or piped by an admin, or straight from its provider.
struct NewToken: ~Copyable {
  /// What it is for.
  enum Use {
    /// A new token, whose secrets go where its admin was shown.
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
  /// For `--json`.
  let fields: JSONObject
  /// Held from the provider's reply until it is kept.
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
        // Whose details don't open: nobody can tell what it should look like.
        value = typed
        (source, expires, fields, signals) = (nil, nil, [:], nil)
        return
      }
      let found = try asked.scrutiny.look(at: typed, token, connector, asked.options)
      value = typed
      (source, expires, fields, signals) = (nil, found.expires, found.fields, nil)
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
    if let doubt = grant.doubt { Console.warn("warning: it is kept all the same: \(PrintableText.escape(doubt))") }
    let given = grant.takeToken()
    // What the provider itself has just given is not refused for its looks.
    let found = try TokenInspection(token, of: connector).examine(given)
    value = given
    (self.source, self.expires, self.signals) = (source, expires ?? found.expires, signals)
    fields = ["source": .string(source.rawValue)]
  }

  /// Nobody has what a login brought but this process.
  borrowing func keeping(_ body: (borrowing SecureBytes) throws -> Void) throws {
    do { try body(value) } catch {
      if source != nil { Console.warn("the refresh token that the provider gave is lost: have it revoked there") }
      throw error
    }
  }
}
