internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodySystem
internal import CustodyValues

/// Open Cybersecurity Schema Framework, one event a line. https://schema.ocsf.io/1.8.0/
///
/// The schema has no class for secrets. One table, keyed by the schema's version, maps actions to classes and
/// activities: version 1.9 deprecates two of these classes.
enum OCSF {
  static let version = "1.8.0"

  struct Mapping {
    let category: (uid: UInt64, name: String)
    let classUID: UInt64
    let className: String
    let activity: (id: UInt64, name: String)

    var typeUID: UInt64 { classUID * 100 + activity.id }
    var typeName: String { "\(className): \(activity.name)" }
  }

  private static let identity = (uid: UInt64(3), name: "Identity & Access Management")
  private static let system = (uid: UInt64(1), name: "System Activity")

  private static func access(_ id: UInt64, _ name: String) -> Mapping {
    Mapping(category: identity, classUID: 3005, className: "User Access Management", activity: (id, name))
  }
  private static func entity(_ id: UInt64, _ name: String) -> Mapping {
    Mapping(category: identity, classUID: 3004, className: "Entity Management", activity: (id, name))
  }
  private static func account(_ id: UInt64, _ name: String) -> Mapping {
    Mapping(category: identity, classUID: 3001, className: "Account Change", activity: (id, name))
  }
  private static func log(_ id: UInt64, _ name: String) -> Mapping {
    Mapping(category: system, classUID: 1008, className: "Event Log Activity", activity: (id, name))
  }

  /// The classes and activities for each schema version that can be written. Activity 99 is "Other", with a name of
  /// ours.
  static let mappings: [String: [Action: Mapping]] = [
    "1.8.0": [
      .vaultCreate: entity(1, "Create"), .memberEnroll: account(1, "Create"), .memberDeny: account(99, "Deny"),
      .memberRole: account(99, "Change Role"), .memberRemove: account(5, "Disable"),
      .memberRekey: account(99, "Change Credential"),
      .connectorRegister: entity(1, "Create"), .connectorRotate: entity(3, "Update"),
      .connectorRevert: entity(3, "Update"), .tokenRevert: entity(3, "Update"),
      .connectorRekey: entity(3, "Update"), .connectorShare: access(1, "Assign Privileges"),
      .connectorUnshare: access(2, "Revoke Privileges"), .connectorReveal: entity(2, "Read"),
      .connectorRetire: entity(4, "Delete"),
      .connectorChange: entity(3, "Update"), .connectorRenew: entity(3, "Update"),
      .connectorSettle: entity(3, "Update"), .tokenChange: entity(3, "Update"), .tokenConfirm: entity(3, "Update"),
      .tokenRenew: entity(3, "Update"), .tokenSettle: entity(3, "Update"),
      .tokenStore: entity(1, "Create"), .tokenRotate: entity(3, "Update"), .tokenRekey: entity(3, "Update"),
      .tokenShare: access(1, "Assign Privileges"), .tokenUnshare: access(2, "Revoke Privileges"),
      .tokenReveal: entity(2, "Read"), .tokenCheck: entity(2, "Read"), .tokenExchange: entity(2, "Read"),
      .tokenRetire: entity(4, "Delete"),
      .logExport: log(3, "Export"), .logVerify: log(99, "Verify"), .logRecover: log(99, "Recover"),
      .logCosign: log(99, "Cosign"), .vaultRepair: log(99, "Repair"),
    ]
  ]

  static func line(_ line: LogLine) throws -> [UInt8] {
    guard let mapping = mappings[version]?[line.entry.action] else {
      throw EvidenceError(.failed, "there is no OCSF class for \(line.entry.action.rawValue)")
    }
    var event = head(line, mapping)
    event["metadata"] = .object(metadata(line))
    // The end of a share.
    event["end_time"] = line.entry.time(.until).map { .integer($0.milliseconds) }
    event["actor"] = ["user": user(line.author)]
    for (key, value) in about(line, mapping) { event[key] = value }
    event["raw_data"] = .string(String(decoding: line.entry.bytes, as: UTF8.self))
    event["raw_data_hash"] = [
      "algorithm": "SHA-256", "algorithm_id": 3, "value": .string(SHA256.hash(line.entry.bytes).hex),
    ]
    event["unmapped"] = .object(unmapped(line))
    return JSONValue.object(event).bytes() + [0x0a]
  }

  /// The members that the schema has no place for.
  private static func unmapped(_ line: LogLine) -> JSONObject {
    var unmapped: JSONObject = [
      "leaf_hash": .string(base64(line.leafHash.bytes)), "seq": .integer(line.entry.seq),
      "seen_size": .integer(line.entry.seen.size), "key_id": .string(line.actorKey.keyIDText),
    ]
    unmapped["recipient_role"] = line.recipientRole.map { .string($0.rawValue) }
    unmapped["particulars"] = line.particulars.map { .string($0) }
    unmapped["reason"] = line.reason.map { .string($0) }
    return unmapped
  }

  private static func head(_ line: LogLine, _ mapping: Mapping) -> JSONObject {
    let severity: (UInt64, String) =
      line.entry.outcome != .ok ? (2, "Low") : line.entry.action.isGrave ? (3, "Medium") : (1, "Informational")
    return [
      "activity_id": .integer(mapping.activity.id), "activity_name": .string(mapping.activity.name),
      "category_uid": .integer(mapping.category.uid), "category_name": .string(mapping.category.name),
      "class_uid": .integer(mapping.classUID), "class_name": .string(mapping.className),
      "type_uid": .integer(mapping.typeUID), "type_name": .string(mapping.typeName),
      "severity_id": .integer(severity.0), "severity": .string(severity.1),
      "status_id": .integer(line.entry.outcome == .ok ? 1 : 2),
      "status": .string(line.entry.outcome == .ok ? "Success" : "Failure"),
      "time": .integer(line.entry.time.milliseconds), "timezone_offset": 0, "message": .string(line.message),
    ]
  }

  private static func metadata(_ line: LogLine) -> JSONObject {
    var metadata: JSONObject = [
      "version": .string(version),
      "product": ["name": "Custody", "vendor_name": "Custody", "version": .string(Release.version)],
      "uid": .string(line.uid), "event_code": .string(line.entry.action.rawValue),
      "log_name": .string(line.entry.origin), "sequence": .integer(line.position),
      "original_time": .string(line.entry.time.text),
    ]
    metadata["tenant_uid"] = line.token.map { .string($0.tenant) }
    return metadata
  }

  /// The member or item that the event's class is about.
  private static func about(_ line: LogLine, _ mapping: Mapping) -> [(String, JSONValue)] {
    let kind = line.entry.action.kind == .connector ? "Connector" : "Token"
    let item: JSONObject = [
      "uid": .string(line.entry.text(.item) ?? line.entry.origin), "name": .string(line.name ?? ""),
    ]
    func with(_ more: JSONObject) -> JSONValue {
      var object = item
      for member in more.members { object[member.key] = member.value }
      return .object(object)
    }
    switch mapping.classUID {
    case 3005:
      let recipient = user(line.recipient ?? line.author)
      return [
        ("user", recipient), ("privileges", [.string("\(kind.lowercased()):open")]),
        ("resources", [with(["type": .string(kind)])]),
      ]
    case 3004:
      let version = line.entry.text(.revision) ?? ""
      return [("entity", with(["type": "Secret", "type_id": 99, "version": .string(version)]))]
    case 3001:
      let asker = line.entry.identifier(.request).map { user($0, "") }
      return [("user", asker ?? user(line.recipient ?? line.author))]
    default: return [("log_name", .string(line.entry.origin))]
    }
  }

  private static func user(_ member: Member) -> JSONValue {
    guard member.machine != nil else { return user(member.id, member.name) }
    return [
      "uid": .string(member.id.hex), "name": .string(member.name), "type": "Machine", "type_id": 99,
    ]
  }

  private static func user(_ id: Identifier, _ name: String) -> JSONValue {
    ["uid": .string(id.hex), "name": .string(name), "type": "User", "type_id": 1]
  }

  private static func base64(_ bytes: [UInt8]) -> String { String(decoding: Base64.encode(bytes), as: UTF8.self) }
}
