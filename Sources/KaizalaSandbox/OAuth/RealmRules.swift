/// How one provider treats its tokens; what a script leaves out is strict rotation.
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
  /// From a token's making, from its last use, and from the consent that it came of; nothing: it lives for ever.
  var refreshSeconds: Int64?
  var idleSeconds: Int64?
  var familySeconds: Int64?
  /// From this age on an exchange brings a new one, for `late`.
  var lateSeconds: Int64 = 328 * 86_400
  var reuseKillsFamily = true
  var clientAuthentication = ClientAuthentication.either
  var replyFormat = ReplyFormat.json
  var consent = Consent.auto

  /// As a script is told them that got one wrong.
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

  /// A misspelt rule would be a test of something else.
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
