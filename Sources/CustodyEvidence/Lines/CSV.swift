internal import CustodyCrypto
internal import CustodyLog
internal import CustodyValues

/// The CSV export: RFC 4180 with CRLF, every field quoted. It is for people and spreadsheets; the evidence is in JSON
/// Lines.
package enum CSV {
  static let columns = [
    "index", "time", "action", "outcome", "actor_id", "actor", "actor_kind", "approver_ids", "item_id", "token",
    "tenant",
    "connector", "reach", "revision", "generation", "recipient_id", "recipient", "recipient_role", "recipient_kind",
    "until", "particulars", "reason", "actor_seq", "seen_size", "actor_key_id", "leaf_hash", "signature",
    "escaped_columns",
  ]

  package static var header: [UInt8] { line(columns) }

  package static func row(_ line: LogLine) -> [UInt8] {
    let entry = line.entry
    let signature = entry.signatures.first.map { String(decoding: Base64.encode($0.signature), as: UTF8.self) }
    let fields: [String?] = [
      String(line.position), entry.time.text, entry.action.rawValue, entry.outcome.rawValue, entry.actor.hex,
      line.actor, line.author.kind, nil, entry.text(.item), line.token?.name, line.token?.tenant, line.connector,
      line.token?.reach.rawValue, entry.text(.revision), entry.text(.generation), line.recipient?.id.hex,
      line.recipient?.name, line.recipientRole?.rawValue, line.recipient?.kind, entry.text(.until),
      line.particulars, line.reason,
      String(entry.seq),
      String(entry.seen.size), line.actorKey.keyIDText,
      String(decoding: Base64.encode(line.leafHash), as: UTF8.self), signature,
    ]
    return row(fields)
  }

  /// The row of a void entry: `void` as its action, and the rule that it breaks as its reason.
  package static func row(_ line: VoidLine) -> [UInt8] {
    var fields = [String?](repeating: nil, count: columns.count - 1)
    func set(_ column: String, _ value: String) { columns.firstIndex(of: column).map { fields[$0] = value } }
    set("index", String(line.position))
    set("action", LogPart.void.rawValue)
    set("actor_id", line.author.id.hex)
    set("actor", line.author.name)
    set("actor_kind", line.author.kind)
    set("reason", line.why)
    set("actor_key_id", line.actorKey.keyIDText)
    set("leaf_hash", String(decoding: Base64.encode(line.leafHash), as: UTF8.self))
    return row(fields)
  }

  private static func row(_ fields: [String?]) -> [UInt8] {
    var guarded: [String] = []
    var cells: [String] = []
    for (column, field) in zip(columns, fields) {
      let text = String(decoding: LogValue.escape(Array((field ?? "").utf8)), as: UTF8.self)
      guard startsAFormula(text) else {
        cells.append(text)
        continue
      }
      cells.append("'" + text)
      guarded.append(column)
    }
    return Self.line(cells + [guarded.joined(separator: " ")])
  }

  /// True for text that a spreadsheet would run as a formula. Quoting alone does not prevent that.
  package static func startsAFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    return ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"].contains(first)
  }

  package static func line(_ fields: [String]) -> [UInt8] {
    var out: [UInt8] = []
    for (place, field) in fields.enumerated() {
      if place > 0 { out.append(0x2c) }
      out.append(0x22)
      for byte in field.utf8 {
        if byte == 0x22 { out.append(0x22) }
        out.append(byte)
      }
      out.append(0x22)
    }
    return out + [0x0d, 0x0a]
  }
}
