import Foundation

/// Makes a token's text: a JWT with the claims of the documents' sample. Its signature is 32 random bytes instead of
/// an HMAC, because the sandbox looks each token up whole and clients never check one.
enum TokenText {
  private struct Header: Encodable {
    let alg = "HS256"
    let typ = "JWT"
  }

  private struct Claims: Encodable {
    let credentials: String
    let uid: String
    let ver = "2"
    let nbf, exp, iat: Int64
    let iss = "urn:microsoft:windows-azure:zumo"
    let aud = "urn:microsoft:windows-azure:zumo"

    enum CodingKeys: String, CodingKey {
      case credentials = "urn:microsoft:credentials"
      case uid, ver, nbf, exp, iat, iss, aud
    }
  }

  /// The claims' inner JSON, which the sample carries as a string. Field names are the sample's. Values that no
  /// source explains are left plain.
  private struct Credentials: Encodable {
    let phoneNumber: String
    let cId = ""
    let testSender = "false"
    let appName = "com.microsoft.mobile.polymer.mobile"
    let applicationId: String
    let permissions: String
    let applicationType = -1
    let data: String
  }

  private struct AppLabel: Encodable {
    let appName: String
    enum CodingKeys: String, CodingKey { case appName = "AppName" }
  }

  static func make(for token: Token, of connector: Connector) -> String {
    let credentials = Credentials(
      phoneNumber: token.phone, applicationId: connector.id, permissions: connector.scope,
      data: ReplyJSON.make(AppLabel(appName: connector.name)))
    let claims = Claims(
      credentials: ReplyJSON.make(credentials), uid: "MobileAppsService:\(Chance.guid())@1", nbf: token.issued,
      exp: token.expires, iat: token.issued)
    let parts = [ReplyJSON.make(Header()), ReplyJSON.make(claims)].map { Data($0.utf8).base64URL }
    return (parts + [Chance.opaque()]).joined(separator: ".")
  }
}
