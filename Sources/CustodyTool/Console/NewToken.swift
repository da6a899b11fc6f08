import Custody
import CustodyExchange
import CustodyJSON
import CustodyLog
import CustodyMemory

/// A refresh token that is to be kept: typed or piped by an admin, or straight from its provider.
struct NewToken: ~Copyable {
  let value: SecureBytes
  let source: Source?
  let expires: Timestamp?
  /// For `--json`.
  let fields: JSONObject

  init(
    _ token: TokenDetails, of connector: ConnectorDetails?, in session: borrowing Session,
    _ asked: (input: SecretInput, login: LoginOptions, scrutiny: TokenScrutiny, options: GlobalOptions),
    for action: Action
  ) throws {
    guard asked.login.isAsked else {
      let label = action == .tokenStore ? "Refresh token: " : "New refresh token: "
      let typed = try asked.input.read(label, asked.options)
      let found = try asked.scrutiny.look(at: typed, token, connector, asked.options)
      value = typed
      (source, expires, fields) = (nil, found.expires, found.fields)
      return
    }
    let grant = try asked.login.grant(for: token, in: session, action)
    let (source, expires) = (grant.source, grant.expires)
    let given = grant.takeToken()
    // What the provider itself has just given is not refused for its looks.
    let found = try TokenInspection(token, of: connector).examine(given)
    value = given
    (self.source, self.expires) = (source, expires ?? found.expires)
    fields = ["source": .string(source.rawValue)]
  }
}
