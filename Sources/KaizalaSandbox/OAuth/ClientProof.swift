import Foundation

/// Authenticates a realm's client: by HTTP Basic, by its secret in the body, or, for a public client, by its ID
/// alone.
struct ClientProof {
  let realm: Realm

  /// The request's form, if the client has authenticated in the way that the realm's rules ask for.
  func form(of call: Call) throws(OAuthRefusal) -> Form {
    let form = try unambiguous(call)
    let (byHeader, byBody) = (try basic(call), form["client_secret"].isEmpty ? nil : form["client_secret"])
    if byHeader != nil, byBody != nil {
      throw OAuthRefusal("invalid_request", "A client authenticates in one way, not in two.")
    }
    let way = realm.rules.clientAuthentication
    let isKnown =
      switch (way, byHeader, byBody) {
      case (.basic, let pair?, nil), (.either, let pair?, nil): pair == [realm.clientID, realm.clientSecret]
      case (.post, nil, let secret?), (.either, nil, let secret?):
        form["client_id"] == realm.clientID && secret == realm.clientSecret
      case (.none, nil, nil): form["client_id"] == realm.clientID
      default: false
      }
    guard isKnown else { throw OAuthRefusal("invalid_client", "The client is not who it says.", status: 401) }
    return form
  }

  /// The form of a device authorization request (RFC 8628, section 3.1). A secret is optional here, but must be right
  /// if sent.
  func formOfDevice(_ call: Call) throws(OAuthRefusal) -> Form {
    let form = try unambiguous(call)
    if try basic(call) != nil || !form["client_secret"].isEmpty { return try self.form(of: call) }
    guard form["client_id"] == realm.clientID else {
      throw OAuthRefusal("invalid_client", "There is no such client.", status: 401)
    }
    return form
  }

  /// The request's form, in which no parameter may occur twice (RFC 6749, section 3.2).
  private func unambiguous(_ call: Call) throws(OAuthRefusal) -> Form {
    let kind = call.header("Content-Type")?.prefix { $0 != ";" }.lowercased()
    guard kind == "application/x-www-form-urlencoded" else {
      throw OAuthRefusal("invalid_request", "The body is application/x-www-form-urlencoded.")
    }
    let form = Form(call.body)
    guard Set(form.names).count == form.names.count else {
      throw OAuthRefusal("invalid_request", "A parameter is there twice.")
    }
    return form
  }

  /// The ID and secret of a Basic header, form-decoded as RFC 6749, section 2.3.1 asks.
  private func basic(_ call: Call) throws(OAuthRefusal) -> [String]? {
    guard let header = call.header("Authorization") else { return nil }
    let words = header.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "basic", let bytes = Data(base64Encoded: String(words[1])) else {
      throw OAuthRefusal("invalid_client", "The authorization is not Basic.", status: 401)
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      .map { $0.replacing("+", with: " ").removingPercentEncoding ?? "" }
  }
}
