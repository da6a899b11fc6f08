package import CustodyEvidence
package import Custody
package import CustodySecrets
internal import CustodyValues

extension ConnectorDetails {
  /// Throws unless this build can authenticate in the connector's way: `private_key_jwt` needs the trait PrivateKeyJWT.
  /// Called before the secret is asked for.
  package func checkClientAuthentication() throws(VaultError) {
    guard try Preset.forConnector(self).clientAuthentication == .assertion, !SigningKey.isAvailable else { return }
    throw VaultError(
      .usage, "cannot authenticate by assertion: this Custody was built without the trait PrivateKeyJWT", subject: name,
      hint:
        "build it with \"swift build --traits default,PrivateKeyJWT\", or choose another \(step: .use(.clientAuthentication))"
    )
  }

  /// Throws if no exchange could use the secret: where the connector signs assertions, it must be a PEM private key.
  /// Called before the secret is stored.
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
