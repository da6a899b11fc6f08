internal import CustodyCrypto
internal import CustodyJSON
internal import CustodyLog
internal import CustodyMemory
internal import CustodyStore

public enum LogFormat: String, CaseIterable, Sendable {
  /// For spreadsheets; and evidence, with every signed entry in it.
  case csv, jsonl
  /// For the tools that watch other logs.
  case ocsf, ecs, cef
}

/// What an export covered: so many of the entries below this size of the log.
public struct Exported: Sendable {
  public let count: UInt64
  public let size: UInt64
}

extension Session {
  /// Writes the entries that a filter admits. The export is itself an entry, durable before the first byte goes out,
  /// and covers the log before it.
  public func exportLog(
    _ filter: LogFilter, _ format: LogFormat, to write: ([UInt8]) throws -> Void
  ) throws(VaultError) -> Exported {
    try translating {
      let exported = try core.commit { transaction in
        let resolved = try ResolvedFilter(filter, core, Names(core))
        let size = core.history.size
        var count: UInt64 = 0
        try core.eachEntry(resolved, below: size) { _, _ in count += 1 }
        _ = try transaction.append(.logExport) { entry in
          entry.set(.count, count)
          entry.set(.format, format.rawValue)
          entry.set(.size, size)
          if let text = resolved.text { entry.set(.filter, text) }
        }
        return Exported(count: count, size: size)
      }
      try core.reading { try core.write(exported, filter, format, to: write) }
      return exported
    }
  }
}

extension Core {
  fileprivate func write(
    _ exported: Exported, _ filter: LogFilter, _ format: LogFormat, to write: ([UInt8]) throws -> Void
  ) throws {
    let names = try Names(self)
    let resolved = try ResolvedFilter(filter, self, names)
    if format == .csv { try write(CSV.header) }
    try eachLine(resolved, below: exported.size, names) { line in
      switch format {
      case .csv: try write(CSV.row(line))
      case .jsonl: try write(JSONLines.entry(line, proof: resolved.text == nil ? nil : proof(line, exported.size)))
      case .ocsf: try write(OCSF.line(line))
      case .ecs: try write(ECS.line(line))
      case .cef: try write(CEF.line(line))
      }
    }
    if format == .jsonl { try write(JSONLines.closing(try signedCheckpoint(exported.size), self, resolved.text)) }
  }

  /// So that a part of the log can be shown without the rest.
  private func proof(_ line: LogLine, _ size: UInt64) throws -> InclusionProof? {
    try InclusionProof(index: line.position, size: size) { place in
      guard let hash = try store.node(level: place.level, number: place.number) else {
        throw VaultError(.integrity, "node \(place.number) of level \(place.level) of the log's tree is missing")
      }
      return hash
    }
  }

  /// The checkpoint of that size as its signer made it, or nil where none was made.
  private func signedCheckpoint(_ size: UInt64) throws -> (note: SignedNote, key: VerifierKey, signer: Member)? {
    try store.checkpoint(size: size).flatMap(ledger.signed)
  }
}

/// One object a line. `entry` is what counts; all else is derived from it.
enum JSONLines {
  static func entry(_ line: LogLine, proof: InclusionProof?) -> [UInt8] {
    let entry = line.entry
    var object: JSONObject = [
      "v": 1, "type": "entry", "origin": .string(entry.origin), "index": .integer(line.position),
      "leaf_hash": base64(line.leafHash.bytes), "time": .string(entry.time.text), "actor": .string(entry.actor.hex),
      "actor_name": .string(line.actor), "actor_key": .string(line.actorKey.text),
      "approvers": [], "seq": .integer(entry.seq), "seen_size": .integer(entry.seen.size),
      "seen_root": base64(entry.seen.root.bytes), "action": .string(entry.action.rawValue),
      "outcome": .string(entry.outcome.rawValue),
    ]
    var details = JSONObject()
    for detail in entry.allDetails { details[detail.key.rawValue] = .string(detail.value) }
    object["details"] = .object(details)
    object["names"] = .object(names(line))
    object["entry"] = base64(entry.bytes)
    object["verified"] = ["signature": true, "inclusion": true]
    if let proof { object["proof"] = .array(proof.path.map { base64($0.bytes) }) }
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

  static func closing(
    _ checkpoint: (note: SignedNote, key: VerifierKey, signer: Member)?, _ core: Core, _ filter: String?
  ) -> [UInt8] {
    let object: JSONObject = [
      "v": 1, "type": "checkpoint",
      "note": checkpoint.map { .string(String(decoding: $0.note.bytes, as: UTF8.self)) } ?? .null,
      "signer": checkpoint.map { .string($0.signer.id.hex) } ?? .null,
      "signer_key": checkpoint.map { .string($0.key.text) } ?? .null,
      "exported_at": .string(core.now().text), "exporter": .string(core.name(of: core.me)),
      "filter": filter.map { .string($0) } ?? .null,
    ]
    return JSONValue.object(object).bytes() + [0x0a]
  }

  private static func base64(_ bytes: [UInt8]) -> JSONValue {
    .string(String(decoding: Base64.encode(bytes), as: UTF8.self))
  }
}
