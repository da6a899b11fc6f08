package import CustodyEvidence
package import Custody
internal import CustodyLog
internal import CustodyValues

extension Session {
  /// The destination of a new token's secrets, with every URL, to be shown to the admin who confirms it.
  package func shownDestination(of token: TokenDetails) throws(VaultError) -> Destination {
    var shown = try destination(of: token)
    try addURLs(to: &shown, token)
    return shown
  }

  /// The confirmed destination of a token's secrets, and the one that its details name now.
  package func shownDestinations(of name: String) throws(VaultError) -> (confirmed: Destination, now: Destination) {
    var (confirmed, now) = try destinations(of: name)
    try addURLs(to: &now, token(name).details)
    return (confirmed, now)
  }

  /// Adds the URLs, for display. They are not part of the confirmed destination where the preset is built in: an update
  /// of the program may correct them.
  private func addURLs(to shown: inout Destination, _ token: TokenDetails) throws(VaultError) {
    guard shown.preset != nil || !shown.calls.isEmpty else { return }
    let connector = try self.connector(token.connector).details
    let request = try ExchangeRequest(ExchangeSubject(token: token, connector: connector, revision: 0))
    shown.urls = request.preset.secretURLs(request.variables)
    if let endpoint = shown.endpoint { shown.urls["token"] = endpoint }
  }
}
