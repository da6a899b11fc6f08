/// A provider's rules for its tokens. The default is strict rotation.
struct RealmRules: Decodable, Sendable {
  enum Rotation: String, Decodable, Sendable { case never, always, late, optional }
  enum OldToken: String, Decodable, Sendable { case valid, dead, grace }
  enum ClientAuthentication: String, Decodable, Sendable { case basic, post, either, none }
  enum ReplyFormat: String, Decodable, Sendable { case json, form }
  enum Consent: String, Decodable, Sendable { case auto, ask }

  var rotation = Rotation.always
  var oldToken = OldToken.dead
  var graceSeconds: Int64 = 60
  var accessSeconds: Int64 = 3600
  /// Lifetimes in seconds: from the token's making, from its last use, and from the consent that it came of. Nil is
  /// for ever.
  var refreshSeconds: Int64?
  var idleSeconds: Int64?
  var familySeconds: Int64?
  /// The age in seconds from which a refresh brings a new token, with `late` rotation.
  var lateSeconds: Int64 = 328 * 86_400
  var reuseKillsFamily = true
  var clientAuthentication = ClientAuthentication.either
  var replyFormat = ReplyFormat.json
  var consent = Consent.auto

  /// The rules' names, for the refusal of a misspelt one.
  static let names = CodingKeys.allCases.map(\.rawValue).joined(separator: ", ")

  enum CodingKeys: String, CodingKey, CaseIterable {
    case rotation, consent
    case oldToken = "old_token"
    case graceSeconds = "grace_seconds"
    case accessSeconds = "access_seconds"
    case refreshSeconds = "refresh_seconds"
    case idleSeconds = "idle_seconds"
    case familySeconds = "family_seconds"
    case lateSeconds = "late_seconds"
    case reuseKillsFamily = "reuse_kills_family"
    case clientAuthentication = "client_authentication"
    case replyFormat = "reply_format"
  }

  init(from decoder: any Decoder) throws {
    let given = try decoder.container(keyedBy: CodingKeys.self)
    try Self.refuseUnknownNames(decoder)
    func read<Value: Decodable>(_ key: CodingKeys, _ standard: Value) throws -> Value {
      try given.decodeIfPresent(Value.self, forKey: key) ?? standard
    }
    rotation = try read(.rotation, rotation)
    oldToken = try read(.oldToken, oldToken)
    graceSeconds = try read(.graceSeconds, graceSeconds)
    accessSeconds = try read(.accessSeconds, accessSeconds)
    refreshSeconds = try given.decodeIfPresent(Int64.self, forKey: .refreshSeconds)
    idleSeconds = try given.decodeIfPresent(Int64.self, forKey: .idleSeconds)
    familySeconds = try given.decodeIfPresent(Int64.self, forKey: .familySeconds)
    lateSeconds = try read(.lateSeconds, lateSeconds)
    reuseKillsFamily = try read(.reuseKillsFamily, reuseKillsFamily)
    clientAuthentication = try read(.clientAuthentication, clientAuthentication)
    replyFormat = try read(.replyFormat, replyFormat)
    consent = try read(.consent, consent)
  }

  /// Refuses unknown names, because a script with a misspelt rule would test something else.
  private static func refuseUnknownNames(_ decoder: any Decoder) throws {
    struct Name: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init?(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
    for name in try decoder.container(keyedBy: Name.self).allKeys where CodingKeys(stringValue: name.stringValue) == nil
    {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [name], debugDescription: "there is no rule of this name"))
    }
  }
}
