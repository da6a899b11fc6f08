internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyValues

/// Elastic Common Schema, one event a line. https://www.elastic.co/docs/reference/ecs
enum ECS {
  static let version = "8.17.0"

  static func line(_ line: LogLine) -> [UInt8] {
    let entry = line.entry
    let (category, types) = kind(of: entry.action)
    let event: JSONObject = [
      "kind": "event", "category": [.string(category)], "type": .array(types.map { .string($0) }),
      "action": .string(entry.action.rawValue), "outcome": .string(entry.outcome == .ok ? "success" : "failure"),
      "id": .string(line.uid), "sequence": .integer(line.position), "provider": "custody",
      "original": .string(String(decoding: entry.bytes, as: UTF8.self)),
      "hash": .string(SHA256.hash(entry.bytes).hex),
    ]
    var object: JSONObject = [
      "@timestamp": .string(entry.time.text), "ecs": ["version": .string(version)], "event": .object(event),
      "message": .string(line.message),
      "user": .object(user(line)), "related": ["user": .array(related(line))],
    ]
    object["organization"] = line.token.map { ["id": .string($0.tenant)] }
    object["custody"] = .object(own(line))
    return JSONValue.object(object).bytes() + [0x0a]
  }

  private static func kind(of action: Action) -> (category: String, types: [String]) {
    switch action {
    case .connectorShare, .connectorUnshare, .tokenShare, .tokenUnshare: ("iam", ["user", "change"])
    case .memberEnroll: ("iam", ["user", "creation"])
    case .memberDeny: ("iam", ["user", "info"])
    case .memberRole, .memberRekey: ("iam", ["user", "change"])
    case .memberRemove: ("iam", ["user", "deletion"])
    case .vaultCreate, .connectorRegister, .tokenStore: ("iam", ["admin", "creation"])
    case .connectorChange, .connectorRotate, .connectorRevert, .tokenRevert, .connectorRekey, .connectorRenew,
      .connectorSettle, .tokenChange,
      .tokenConfirm, .tokenRotate, .tokenRekey, .tokenRenew, .tokenSettle:
      ("iam", ["admin", "change"])
    case .connectorRetire, .tokenRetire: ("iam", ["admin", "deletion"])
    case .connectorReveal, .tokenReveal, .tokenCheck, .tokenExchange: ("file", ["access"])
    case .logExport: ("configuration", ["access"])
    case .logVerify, .logCosign: ("configuration", ["info"])
    case .logRecover, .vaultRepair: ("configuration", ["change"])
    }
  }

  private static func user(_ line: LogLine) -> JSONObject {
    var user = self.user(line.author)
    user["target"] = line.recipient.map { .object(self.user($0, line.recipientRole)) }
    return user
  }

  /// A user object. `role` is the one that a recipient had at the time.
  private static func user(_ member: Member, _ role: Role? = nil) -> JSONObject {
    var user: JSONObject = ["id": .string(member.id.hex), "name": .string(member.name)]
    let roles = [role?.rawValue, member.machine == nil ? nil : "machine"].compactMap { $0.map(JSONValue.string) }
    if !roles.isEmpty { user["roles"] = .array(roles) }
    return user
  }

  private static func related(_ line: LogLine) -> [JSONValue] {
    ([line.actor] + (line.recipient.map { [$0.name] } ?? [])).map { .string($0) }
  }

  private static func own(_ line: LogLine) -> JSONObject {
    var own: JSONObject = [
      "index": .integer(line.position), "origin": .string(line.entry.origin), "seq": .integer(line.entry.seq),
      "leaf_hash": .string(String(decoding: Base64.encode(line.leafHash), as: UTF8.self)),
      "key_id": .string(line.actorKey.keyIDText),
    ]
    if let item = line.entry.text(.item) {
      var about: JSONObject = ["id": .string(item)]
      about["label"] = line.name.map { .string($0) }
      own[line.entry.action.kind == .connector ? "connector" : "token"] = .object(about)
    }
    own["until"] = line.entry.text(.until).map { .string($0) }
    own["particulars"] = line.particulars.map { .string($0) }
    own["reason"] = line.reason.map { .string($0) }
    return own
  }
}
