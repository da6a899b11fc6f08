internal import CustodyCrypto
internal import CustodyJSON
package import CustodyLog
internal import CustodyValues

/// The JSON Lines export, one object a line. Its `entry` is the evidence; all else is derived from it.
package enum JSONLines {
  package static func entry(_ line: LogLine, _ part: LogPart, proof: InclusionProof?) -> [UInt8] {
    let entry = line.entry
    var object: JSONObject = [
      "v": 1, "type": .string(part.rawValue), "origin": .string(entry.origin), "index": .integer(line.position),
      "leaf_hash": base64(line.leafHash.bytes), "time": .string(entry.time.text), "actor": .string(entry.actor.hex),
      "actor_name": .string(line.actor), "actor_key": .string(line.actorKey.text),
      "approvers": [], "seq": .integer(entry.seq), "seen_size": .integer(entry.seen.size),
      "seen_root": base64(entry.seen.root.bytes), "action": .string(entry.action.rawValue),
      "outcome": .string(entry.outcome.rawValue),
    ]
    // Only machines are marked; a person's line has no such member.
    object["actor_machine"] = line.author.machine.map { .string($0.rawValue) }
    object["recipient_machine"] = line.recipient?.machine.map { .string($0.rawValue) }
    object["recipient_role"] = line.recipientRole.map { .string($0.rawValue) }
    var details = JSONObject()
    for detail in entry.allDetails { details[detail.key.rawValue] = .string(detail.value) }
    object["details"] = .object(details)
    object["names"] = .object(names(line))
    object["entry"] = base64(entry.bytes)
    object["verified"] = ["signature": true, "inclusion": true]
    if let proof { object["proof"] = .array(proof.path.map { base64($0.bytes) }) }
    return JSONValue.object(object).bytes() + [0x0a]
  }

  package static func void(_ line: VoidLine) -> [UInt8] {
    var object: JSONObject = [
      "v": 1, "type": .string(LogPart.void.rawValue), "origin": .string(line.origin),
      "index": .integer(line.position), "leaf_hash": base64(line.leafHash.bytes),
      "actor": .string(line.author.id.hex), "actor_name": .string(line.author.name),
      "actor_key": .string(line.actorKey.text),
    ]
    object["actor_machine"] = line.author.machine.map { .string($0.rawValue) }
    object["entry"] = base64(line.bytes)
    object["verified"] = ["signature": true, "inclusion": true]
    return JSONValue.object(object).bytes() + [0x0a]
  }

  private static func names(_ line: LogLine) -> JSONObject {
    var names = JSONObject()
    names["token"] = line.token.map { .string($0.name) }
    names["tenant"] = line.token.map { .string($0.tenant) }
    names["connector"] = line.connector.map { .string($0) }
    names["recipient"] = line.recipient.map { .string($0.name) }
    names["reason"] = line.reason.map { .string($0) }
    return names
  }

  package static func disclosure(_ disclosure: Disclosure) -> [UInt8] {
    let object: JSONObject =
      switch disclosure {
      case .item(let item, let index, let metadata):
        [
          "v": 1, "type": "item", "item": .string(item.hex), "index": .integer(index), "metadata": base64(metadata),
        ]
      case .reason(let index, let note):
        ["v": 1, "type": "reason", "index": .integer(index), "note": base64(note)]
      }
    return JSONValue.object(object).bytes() + [0x0a]
  }

  /// The last line: the checkpoint, and for a part the scope that its exporter signed.
  package static func closing(_ checkpoint: SignedHead?, _ scope: SignedNote?) -> [UInt8] {
    func text(_ note: SignedNote) -> JSONValue { .string(String(decoding: note.bytes, as: UTF8.self)) }
    let object: JSONObject = [
      "v": 1, "type": "checkpoint",
      "note": checkpoint.map { text($0.note) } ?? .null,
      "signer": checkpoint.map { .string($0.signer.id.hex) } ?? .null,
      "signer_key": checkpoint.map { .string($0.key.text) } ?? .null,
      "scope": scope.map(text) ?? .null,
    ]
    return JSONValue.object(object).bytes() + [0x0a]
  }

  private static func base64(_ bytes: [UInt8]) -> JSONValue {
    .string(String(decoding: Base64.encode(bytes), as: UTF8.self))
  }
}
