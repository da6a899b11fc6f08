internal import CustodyCrypto
internal import CustodyLog
internal import CustodySystem
internal import CustodyValues

/// ArcSight's Common Event Format, one event a line.
enum CEF {
  static func line(_ line: LogLine) -> [UInt8] {
    let entry = line.entry
    let head = [
      "CEF:0", "Custody", "Custody", Release.version, entry.action.rawValue, entry.action.title, severity(line),
    ]
    let isShare = entry.action == .tokenShare || entry.action == .connectorShare
    let extensions: [(String, String?)] = [
      ("rt", String(entry.time.milliseconds)), ("msg", line.message), ("externalId", String(line.position)),
      ("suid", entry.actor.hex),
      ("suser", line.actor), ("spriv", line.author.machine == nil ? nil : "Machine"),
      ("duid", line.recipient?.id.hex), ("duser", line.recipient?.name),
      ("dpriv", line.recipient?.machine == nil ? nil : "Machine"),
      ("act", entry.action.rawValue), ("outcome", entry.outcome == .ok ? "success" : "failure"),
      ("reason", line.reason), ("end", entry.time(.until).map { String($0.milliseconds) }), ("cs1Label", "tokenId"),
      ("cs1", entry.text(.item)), ("cs2Label", "tokenLabel"), ("cs2", line.name), ("cs3Label", "tenantId"),
      ("cs3", line.token?.tenant), ("cs4Label", "grantId"), ("cs4", isShare ? line.uid : nil),
      ("cs5Label", "logOrigin"), ("cs5", entry.origin), ("cs6Label", "leafHash"),
      ("cs6", String(decoding: Base64.encode(line.leafHash), as: UTF8.self)), ("cn1Label", "actorSeq"),
      ("cn1", String(entry.seq)), ("flexString1Label", "recipientRole"), ("flexString1", line.recipientRole?.rawValue),
      ("flexString2Label", "particulars"), ("flexString2", line.particulars),
    ]
    let present = Set(extensions.filter { $0.1?.isEmpty == false }.map(\.0))
    let fields = extensions.compactMap { key, value -> String? in
      // A label without its value is left out.
      if key.hasSuffix("Label"), !present.contains(String(key.dropLast(5))) { return nil }
      guard let value, !value.isEmpty else { return nil }
      return "\(key)=\(escape(value, "="))"
    }
    return Array((head.map { escape($0, "|") } + [fields.joined(separator: " ")]).joined(separator: "|").utf8) + [0x0a]
  }

  private static func severity(_ line: LogLine) -> String {
    line.entry.outcome != .ok ? "6" : line.entry.action.isGrave ? "5" : "3"
  }

  /// Escapes a field. Line ends and marks that change the direction of text stay `%XX`, as in the log.
  private static func escape(_ text: String, _ special: Unicode.Scalar) -> String {
    var out = ""
    for scalar in String(decoding: LogValue.escape(Array(text.utf8)), as: UTF8.self).unicodeScalars {
      if scalar == "\\" || scalar == special { out.unicodeScalars.append("\\") }
      out.unicodeScalars.append(scalar)
    }
    return out
  }
}
