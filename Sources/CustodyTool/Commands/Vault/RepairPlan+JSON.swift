internal import CustodyEvidence
import Custody
import CustodyJSON
import CustodyLog
import CustodyValues

extension RepairPlan {
  /// The whole plan, as it is shown before the question.
  var json: JSONObject {
    var object: JSONObject = [
      "entries": .integer(size), "behind": .array(behind.map(\.json)), "behind_count": .integer(behindCount),
      "covers": .array(covers.map(\.json)), "tables": .array(tables), "taken_back": .integer(UInt64(takenBack)),
      "lost": .array(lost.map { .string($0.what) }), "doubted": .array(doubted.map { .string($0.hex) }),
      "older_keys_gone": .array(olderKeysGone.map(JSONValue.string)),
    ]
    if let fault { object["fault"] = .string(fault.text) }
    if let rebuild { object["rebuild"] = rebuild.json }
    return object
  }

  private var tables: [JSONValue] {
    var names = takenOut.map(\.table)
    for (table, _) in putBack where !names.contains(table) { names.append(table) }
    return names.map { name in
      .object([
        "table": .string(name),
        "out": .integer(UInt64(takenOut.first { $0.table == name }?.rows ?? 0)),
        "back": .integer(UInt64(putBack.first { $0.table == name }?.rows ?? 0)),
      ])
    }
  }
}

extension RepairPlan.Behind {
  fileprivate var json: JSONValue {
    var object: JSONObject = ["index": .integer(position), "signer": author.map(JSONValue.string) ?? .null]
    if let action { object["action"] = .string(action.rawValue) }
    if let time { object["time"] = .string(time.text) }
    return .object(object)
  }
}

extension RepairPlan.Cover {
  fileprivate var json: JSONValue {
    .object([
      "size": .integer(head.size), "root": .string(head.root.text),
      "signer": signer.map(JSONValue.string) ?? .null,
      "pinned": .bool(isPinned), "without_checkpoint": .bool(isWithoutCheckpoint),
    ])
  }
}

extension RepairPlan.Rebuild {
  fileprivate var json: JSONValue {
    .object([
      "rows": .integer(UInt64(rows)), "refused": .integer(UInt64(refused)),
      "damaged_pages": .integer(UInt64(damagedPages)),
      "foreign_objects": foreignObjects.map { .array($0.map(JSONValue.string)) } ?? .null,
    ])
  }
}
