package import CustodyEvidence
internal import CustodySystem
package import CustodyValues

/// Deadlines in the calendar format iCalendar (RFC 5545).
package enum ICalendar {
  private static let lineLimit = 75

  /// Writes a calendar. A deadline keeps its UID, so that a newer file replaces the event of an older one.
  ///
  /// - Parameter show: words a step for the calendar's reader, such as a command.
  package static func write(_ deadlines: [Deadline], now: Timestamp, showing show: (NextStep) -> String) -> [UInt8] {
    var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Custody//custody \(Release.version)//EN"]
    for deadline in deadlines { lines += event(deadline, now, show) }
    lines.append("END:VCALENDAR")
    return lines.flatMap { fold($0) }
  }

  private static func event(_ deadline: Deadline, _ now: Timestamp, _ show: (NextStep) -> String) -> [String] {
    let (summary, who) = (summary(deadline), deadline.who.joined(separator: ", "))
    let whose = who.isEmpty ? deadline.move.rawValue : who
    var lines = [
      "BEGIN:VEVENT", "UID:\(deadline.item.hex)-\(deadline.end.rawValue)@custody", "DTSTAMP:\(time(now))",
      "DTSTART:\(time(deadline.opens))",
    ]
    if deadline.from != nil { lines.append("DTEND:\(time(deadline.when))") }
    lines += [
      "SUMMARY:\(escape(summary))", "DESCRIPTION:\(escape("\(deadline.why)\n\(whose): \(show(deadline.step))"))",
      "TRANSP:TRANSPARENT",
    ]
    // A window is of use from its first moment; a single moment needs a warning seven days ahead.
    lines += alarm(deadline.from == nil ? "-P7D" : "PT0S", summary)
    return lines + ["END:VEVENT"]
  }

  private static func alarm(_ trigger: String, _ summary: String) -> [String] {
    ["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:\(escape(summary))", "TRIGGER:\(trigger)", "END:VALARM"]
  }

  private static func summary(_ deadline: Deadline) -> String {
    switch deadline.end {
    case .refused: "\(deadline.name) is dead"
    case .lost: "\(deadline.name) may be dead"
    case .idle: "\(deadline.name) dies of idleness"
    case .age, .family: "\(deadline.name) ends"
    case .window: "exchange \(deadline.name), or it dies"
    case .secret: "the secret of connector \(deadline.name) ends"
    }
  }

  /// The time in UTC as `20271101T093000Z`, whole seconds.
  static func time(_ time: Timestamp) -> String {
    time.text.prefix(19).filter { $0 != "-" && $0 != ":" } + "Z"
  }

  /// Text escaped for a value (RFC 5545, section 3.3.11), with control characters made visible first.
  static func escape(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      PrintableText.escape(String(line)).replacing("\\", with: "\\\\").replacing(";", with: "\\;").replacing(
        ",", with: "\\,")
    }.joined(separator: "\\n")
  }

  /// A line folded to at most 75 octets (RFC 5545, section 3.1), without splitting a character.
  static func fold(_ line: String) -> [UInt8] {
    var (out, width): ([UInt8], Int) = ([], 0)
    for scalar in line.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if width + bytes.count > lineLimit {
        out += [0x0D, 0x0A, 0x20]
        width = 1
      }
      out += bytes
      width += bytes.count
    }
    return out + [0x0D, 0x0A]
  }
}
