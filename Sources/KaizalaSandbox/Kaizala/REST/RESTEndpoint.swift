// The calls under /v1/, as Tokens.md, the swagger file and the public clients have them. Documented: methods, paths, header and
// field names, the replies' shapes, lifetimes, late rotation, 429 with Retry-After. Our reading: see RESTRefusal, Granting and Throttle;
// that `applicationSecret` may be left out of a PIN login (swagger has it so) but must be right when sent; and the reply of users/me.
struct RESTEndpoint {
  let kaizala: Kaizala

  private struct Me: Encodable {
    let id, mobileNumber, organisation: String
    let reach: TokenReach
  }

  /// Answers a call. An ordered fault spoils calls for an access token only.
  func answer(_ call: Call) async -> Response {
    guard call.method == .get, call.path == ["v1", "accessToken"], let fault = await kaizala.beginCall() else {
      return await right(call)
    }
    let idle = Dialect.kaizala.refusal(OAuthRefusal("Unavailable", "Nothing was done."), status: 503)
    return await fault.reply(to: call, instead: fault.acts ? right(call) : idle, in: .kaizala)
  }

  private func right(_ call: Call) async -> Response {
    do throws(RESTRefusal) {
      return switch (call.method, call.path.dropFirst().joined(separator: "/")) {
      case (.get, "accessToken"): .json(try await accessToken(call))
      case (.get, "users/me"): .json(try await me(call))
      case (.post, "generatePin"): .json(try await generatePIN(call))
      case (.post, "loginWithPinAndApplicationId"): .json(try await logIn(call))
      default: throw .unknownPath
      }
    } catch {
      return .json(error.body, status: error.status, retryAfter: error.retryAfter)
    }
  }

  private func accessToken(_ call: Call) async throws(RESTRefusal) -> AccessTokenReply {
    guard let id = call.header("applicationId"), let secret = call.header("applicationSecret") else {
      throw .wrongConnector
    }
    guard let token = call.header("refreshToken") else { throw .badParameters("refreshToken is missing in header.") }
    return try await kaizala.exchange(token, connector: id, secret: secret)
  }

  private func me(_ call: Call) async throws(RESTRefusal) -> Me {
    guard let text = call.header("accessToken") else { throw .missingAccessToken }
    let token = try await kaizala.holder(ofAccessToken: text)
    let id = token.phone.filter(\.isNumber) + "@1"
    return Me(id: id, mobileNumber: token.phone, organisation: token.organisation, reach: token.reach)
  }

  private func generatePIN(_ call: Call) async throws(RESTRefusal) -> EmptyObject {
    struct Asked: Decodable { let mobileNumber, applicationId: String }
    guard let asked: Asked = call.json() else {
      throw .badParameters("The body is a JSON object of mobileNumber and applicationId.")
    }
    try await kaizala.sendPIN(to: asked.mobileNumber, connector: asked.applicationId)
    return EmptyObject()
  }

  private func logIn(_ call: Call) async throws(RESTRefusal) -> LoginReply {
    guard let asked: LoginQuestion = call.json() else {
      throw .badParameters("The body is a JSON object of mobileNumber, applicationId, pin and applicationSecret.")
    }
    return try await kaizala.logIn(asked)
  }
}
