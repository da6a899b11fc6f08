/// The calls of the standards, under `/oauth/REALM/`.
struct RealmEndpoint {
  let realm: Realm
  let base: String

  private var issuer: String { "\(base)oauth/\(realm.name)" }
  private var client: ClientProof { ClientProof(realm: realm) }
  private var dialect: Dialect { realm.rules.replyFormat == .json ? .json : .form }

  func answer(_ call: Call) async -> Response {
    do throws(OAuthRefusal) {
      switch (call.method, call.path.dropFirst(2).joined(separator: "/")) {
      case (.post, "token"): return await token(call)
      case (.post, "device"): return .json(try await device(call))
      case (.post, "revoke"):
        await realm.revoke(try token(in: call))
        return .json(EmptyObject())
      case (.post, "introspect"): return .json(await realm.introspect(try token(in: call)))
      case (.get, ".well-known/openid-configuration"): return .json(RealmMetadata(issuer: issuer, rules: realm.rules))
      case (.get, "authorize"), (.post, "authorize"), (.get, "verify"), (.post, "verify"):
        return await RealmPages(realm: realm, issuer: issuer).answer(call)
      default: throw OAuthRefusal("invalid_request", "There is no such call in the sandbox.", status: 404)
      }
    } catch {
      return Dialect.json.refusal(error)
    }
  }

  /// Answers a token request. Ordered faults are for this call alone.
  private func token(_ call: Call) async -> Response {
    guard let fault = await realm.beginCall() else { return await granted(call) }
    let idle = dialect.refusal(OAuthRefusal("temporarily_unavailable", "Nothing was done."), status: 503)
    return await fault.reply(to: call, instead: fault.acts ? granted(call) : idle, in: dialect)
  }

  private func granted(_ call: Call) async -> Response {
    do throws(OAuthRefusal) {
      let form = try client.form(of: call)
      let answer: TokenAnswer
      switch form["grant_type"] {
      case "refresh_token":
        answer = try await realm.refresh(form.required("refresh_token"), scope: form["scope"])
      case "authorization_code":
        answer = try await realm.redeem(
          form.required("code"), redirect: form["redirect_uri"], verifier: form.required("code_verifier"))
      case "urn:ietf:params:oauth:grant-type:device_code":
        answer = try await realm.poll(form.required("device_code"))
      case "": throw OAuthRefusal("invalid_request", "The grant_type is missing.")
      default: throw OAuthRefusal("unsupported_grant_type", "The sandbox has no such grant.")
      }
      return dialect == .form ? .form(answer.fields) : .json(answer)
    } catch {
      return dialect.refusal(error)
    }
  }

  private func token(in call: Call) throws(OAuthRefusal) -> String { try client.form(of: call).required("token") }

  private func device(_ call: Call) async throws(OAuthRefusal) -> DeviceAnswer {
    let form = try client.formOfDevice(call)
    let (code, userCode) = await realm.beginDevice(scope: form["scope"])
    return DeviceAnswer(
      deviceCode: code, userCode: userCode, verificationURI: issuer + "/verify",
      verificationURIComplete: "\(issuer)/verify?user_code=\(userCode)", expiresIn: Realm.deviceSeconds)
  }

  /// A device authorization response (RFC 8628, section 3.2).
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
}

extension Form {
  fileprivate func required(_ name: String) throws(OAuthRefusal) -> String {
    guard !self[name].isEmpty else { throw OAuthRefusal("invalid_request", "The \(name) is missing.") }
    return self[name]
  }
}
