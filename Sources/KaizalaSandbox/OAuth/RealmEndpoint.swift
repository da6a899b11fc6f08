import FlyingFox
import Foundation

/// The standards' calls under /oauth/REALM/.
struct RealmEndpoint {
  let realm: Realm
  let base: String

  private var issuer: String { "\(base)oauth/\(realm.name)" }

  func answer(_ call: Call) async -> HTTPResponse {
    do throws(OAuthRefusal) {
      switch (call.method, call.path.dropFirst(2).joined(separator: "/")) {
      case (.POST, "token"): return await token(call)
      case (.POST, "device"): return .json(try await device(call))
      case (.POST, "revoke"):
        let form = try authenticated(call)
        await realm.revoke(form["token"])
        return .json(EmptyObject())
      case (.POST, "introspect"):
        let form = try authenticated(call)
        return .json(Activity(active: await realm.isActive(form["token"])))
      case (.GET, ".well-known/openid-configuration"): return .json(Metadata(issuer: issuer))
      case (.GET, "authorize"), (.POST, "authorize"), (.GET, "verify"), (.POST, "verify"):
        return await RealmPages(realm: realm, issuer: issuer).answer(call)
      default: throw OAuthRefusal("invalid_request", "There is no such call in the sandbox.", status: 404)
      }
    } catch {
      return .json(error, status: error.status)
    }
  }

  /// The faults are of this call alone.
  private func token(_ call: Call) async -> HTTPResponse {
    let fault = await realm.begin()
    let right: HTTPResponse
    if let fault, !fault.acts {
      right = .json(OAuthRefusal("temporarily_unavailable", "Nothing was done."), status: 503)
    } else {
      right = await granted(call)
    }
    await realm.end()
    return await fault?.reply(to: call, instead: right) ?? right
  }

  private func granted(_ call: Call) async -> HTTPResponse {
    do throws(OAuthRefusal) {
      let form = try authenticated(call)
      let answer: TokenAnswer
      switch form["grant_type"] {
      case "refresh_token": answer = try await realm.refresh(form["refresh_token"], scope: form["scope"])
      case "authorization_code":
        answer = try await realm.redeem(form["code"], redirect: form["redirect_uri"], verifier: form["code_verifier"])
      case "urn:ietf:params:oauth:grant-type:device_code": answer = try await realm.poll(form["device_code"])
      default: throw OAuthRefusal("unsupported_grant_type", "The sandbox has no such grant.")
      }
      return realm.rules.replyFormat == .json ? .json(answer) : .form(answer)
    } catch {
      return .json(error, status: error.status)
    }
  }

  /// By Basic, form-decoded as RFC 6749 section 2.3.1 has it, or in the body; by the one that the realm's rules want.
  private func authenticated(_ call: Call) throws(OAuthRefusal) -> Form {
    let form = Form(call.body)
    let way = realm.rules.clientAuthentication
    if let header = call.header("Authorization"), header.hasPrefix("Basic "), way != .post {
      let decoded = Data(base64Encoded: String(header.dropFirst(6))) ?? Data()
      let parts = String(decoding: decoded, as: UTF8.self).split(separator: ":", maxSplits: 1)
        .map { $0.replacing("+", with: " ").removingPercentEncoding ?? "" }
      if parts == [realm.clientID, realm.clientSecret] { return form }
    } else if way != .basic, form["client_id"] == realm.clientID, form["client_secret"] == realm.clientSecret {
      return form
    }
    throw OAuthRefusal("invalid_client", "The client is not who it says.", status: 401)
  }

  private struct Activity: Encodable { let active: Bool }

  private func device(_ call: Call) async throws(OAuthRefusal) -> DeviceAnswer {
    let form = Form(call.body)
    guard form["client_id"] == realm.clientID else {
      throw OAuthRefusal("invalid_client", "There is no such client.", status: 401)
    }
    let (code, userCode) = await realm.beginDevice(scope: form["scope"])
    return DeviceAnswer(
      deviceCode: code, userCode: userCode, verificationURI: issuer + "/verify",
      verificationURIComplete: "\(issuer)/verify?user_code=\(userCode)", expiresIn: Realm.deviceSeconds)
  }

  /// RFC 8628, section 3.2.
  private struct DeviceAnswer: Encodable {
    let deviceCode, userCode, verificationURI, verificationURIComplete: String
    let expiresIn: Int64
    let interval = 1

    enum CodingKeys: String, CodingKey {
      case interval
      case deviceCode = "device_code"
      case userCode = "user_code"
      case verificationURI = "verification_uri"
      case verificationURIComplete = "verification_uri_complete"
      case expiresIn = "expires_in"
    }
  }

  /// RFC 8414, and what OpenID Connect Discovery has of it.
  struct Metadata: Encodable {
    private let fields: [String: [String]]
    private let texts: [String: String]

    init(issuer: String) {
      texts = [
        "issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
        "device_authorization_endpoint": issuer + "/device", "revocation_endpoint": issuer + "/revoke",
        "introspection_endpoint": issuer + "/introspect",
      ]
      fields = [
        "response_types_supported": ["code"], "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": [
          "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code",
        ],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
      ]
    }

    func encode(to encoder: any Encoder) throws {
      try texts.encode(to: encoder)
      try fields.encode(to: encoder)
    }
  }
}

extension HTTPResponse {
  /// As GitHub answers who does not ask for JSON.
  fileprivate static func form(_ answer: TokenAnswer) -> HTTPResponse {
    let fields = [
      ("access_token", answer.accessToken), ("token_type", answer.tokenType), ("expires_in", "\(answer.expiresIn)"),
      ("refresh_token", answer.refreshToken ?? ""), ("scope", answer.scope ?? ""),
    ].filter { !$0.1.isEmpty }
    let body = fields.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    return HTTPResponse(
      statusCode: .ok, headers: [.contentType: "application/x-www-form-urlencoded"], body: Data(body.utf8))
  }
}
