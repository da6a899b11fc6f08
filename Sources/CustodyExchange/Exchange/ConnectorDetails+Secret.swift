package import CustodyEvidence
package import Custody
package import CustodySecrets
internal import CustodyValues

extension ConnectorDetails {
  /// Whether this Custody can authenticate as the connector asks; said before its secret is.
  package func checkClientAuthentication() throws(VaultError) {
    guard try Preset.forConnector(self).clientAuthentication == .assertion, !SigningKey.isAvailable else { return }
    throw VaultError(
      .usage, "cannot authenticate by assertion: this Custody was built without the trait PrivateKeyJWT", subject: name,
      hint:
        "build it with \"swift build --traits PrivateKeyJWT\", or choose another \(step: .use(.clientAuthentication))")
  }

  /// What an exchange could not use is refused before it is kept: an assertion is signed with a private key.
  package func check(secret: borrowing SecureBytes) throws(VaultError) {
    let preset = try Preset.forConnector(self)
    guard preset.clientAuthentication == .assertion else { return }
    let assertion = ClientAssertion(
      connectorID: connectorID, audience: "check", now: 0, algorithm: preset.assertionAlgorithm)
    do { _ = try assertion.sign(with: secret) } catch {
      throw VaultError(
        .badInput, "cannot keep this connector secret: \(error.reason)", subject: name,
        hint: "give the PEM file of the key, with its certificate where the provider knows keys by theirs")
    }
  }
}
