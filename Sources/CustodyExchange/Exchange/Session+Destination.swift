package import CustodyEvidence
package import Custody
internal import CustodyLog
internal import CustodyValues

extension Session {
  /// Where the secrets of a token that is to be stored would go, every URL with it: for whom it is shown to.
  package func shownDestination(of token: TokenDetails) throws(VaultError) -> Destination {
    var shown = try destination(of: token)
    try addURLs(to: &shown, token)
    return shown
  }

  /// Where a token's secrets may go, and where its details say now.
  package func shownDestinations(of name: String) throws(VaultError) -> (confirmed: Destination, now: Destination) {
    var (confirmed, now) = try destinations(of: name)
    try addURLs(to: &now, token(name).details)
    return (confirmed, now)
  }

  /// Of a preset that every copy brings along the URLs are the program's, which an update may mend.
  private func addURLs(to shown: inout Destination, _ token: TokenDetails) throws(VaultError) {
    guard shown.preset != nil || !shown.calls.isEmpty else { return }
    let connector = try self.connector(token.connector).details
    let request = try ExchangeRequest(ExchangeSubject(token: token, connector: connector, revision: 0))
    shown.urls = request.preset.secretURLs(request.variables)
    if let endpoint = shown.endpoint { shown.urls["token"] = endpoint }
  }
}
