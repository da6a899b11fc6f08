import CustodySystem
import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

@testable import CustodyExchange

/// Calendars by RFC 5545, checked byte by byte, and by an independent reader if `make venv` has been run.
struct ICalendarTests {
  static let story = Result { try LifeStory(["kaizala", "atlassian"]) }
  let now = LifeStory.start

  private func deadlines() throws -> [Deadline] {
    let story = try Self.story.get()
    return DeathCalendar(try ["kaizala", "atlassian"].map { try story.life($0) }, [], story.members, now: now).deadlines
  }

  /// A deadline with texts that would break a line, a property or a character in two.
  private func hostile() throws -> Deadline {
    let one = try #require(try deadlines().first)
    let why = "the provider said: \"no; never, ever\\\"\nBEGIN:VALARM\r\n" + String(repeating: "é☃😀", count: 40)
    return Deadline(
      item: one.item, kind: .token, name: "contoso/crm", end: .refused, from: nil, when: now, why: why, move: .admin,
      who: [], step: .rotate(.token, "contoso/crm"))
  }

  /// The lines without folds; fails on anything that the RFC forbids.
  private func unfolded(_ bytes: [UInt8]) throws -> [String] {
    let text = try #require(String(validating: bytes, as: UTF8.self))
    #expect(text.utf8.suffix(2).elementsEqual([0x0D, 0x0A]))
    var lines: [String] = []
    for line in text.unicodeScalars.split(separator: "\r", omittingEmptySubsequences: false).dropLast().enumerated() {
      var scalars = Substring.UnicodeScalarView(line.element)
      if line.offset > 0 { #expect(scalars.popFirst() == "\n") }
      #expect(String(scalars).utf8.count <= 75)
      #expect(scalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
      if scalars.first == " ", let last = lines.indices.last {
        lines[last] += String(scalars.dropFirst())
      } else {
        lines.append(String(scalars))
      }
    }
    return lines
  }

  @Test func `a calendar is as RFC 5545 has it, line by line`() throws {
    let lines = try unfolded(ICalendar.write(deadlines(), now: now, showing: \.description))
    #expect(lines.first == "BEGIN:VCALENDAR")
    #expect(lines.last == "END:VCALENDAR")
    #expect(lines[1...2] == ["VERSION:2.0", "PRODID:-//Custody//custody \(Release.version)//EN"])
    let window = try #require(try deadlines().first { $0.end == .window })
    let from = try #require(lines.firstIndex(of: "UID:\(window.item.hex)-window@custody"))
    #expect(
      Array(lines[(from - 1)...(from + 11)]) == [
        "BEGIN:VEVENT", "UID:\(window.item.hex)-window@custody", "DTSTAMP:20261118T110640Z",
        "DTSTART:20271012T110640Z", "DTEND:20271118T110640Z", "SUMMARY:exchange contoso/c-kaizala\\, or it dies",
        "DESCRIPTION:365 days after it was made (2026-11-18)\\; from 2027-10-12 on an exchange brings the next one\\, "
          + "and without one it dies in silence\\nada\\, dev: exchange token contoso/c-kaizala",
        "TRANSP:TRANSPARENT", "BEGIN:VALARM", "ACTION:DISPLAY",
        "DESCRIPTION:exchange contoso/c-kaizala\\, or it dies", "TRIGGER:PT0S", "END:VALARM",
      ])
    #expect(lines.filter { $0 == "BEGIN:VEVENT" }.count == 3)
    #expect(lines.filter { $0 == "TRIGGER:-P7D" }.count == 2)
  }

  @Test func `the same deadline keeps its UID when its day moves`() throws {
    let story = try Self.story.get()
    func uids(_ day: Int64) throws -> [String] {
      let used = now.plus(days: day)
      let life = try story.life("atlassian", made: used, used: used)
      return try unfolded(ICalendar.write(story.deadlines(life), now: now, showing: \.description)).filter {
        $0.hasPrefix("UID:")
      }
    }
    #expect(try uids(1) == uids(9))
    #expect(try Set(uids(1)).count == 2)
  }

  @Test func `a provider's words can't add a line or a property, nor tear a character`() throws {
    let lines = try unfolded(ICalendar.write([try hostile()], now: now, showing: \.description))
    #expect(lines.filter { $0 == "BEGIN:VALARM" }.count == 1)
    let told = try #require(lines.first { $0.hasPrefix("DESCRIPTION:the provider") })
    #expect(told.contains(#""no\; never\, ever\\"\nBEGIN:VALARM\\u{0D}\\u{0A}"#))
    #expect(told.contains(String(repeating: "é☃😀", count: 40)))
  }

  @Test(arguments: 1...160) func `folds are at 75 octets, whatever stands there`(length: Int) throws {
    for unit in ["a", "é", "☃", "😀"] {
      let line = "X:" + String(repeating: unit, count: length)
      #expect(try unfolded(ICalendar.fold(line)) == [line])
    }
  }

  static let python = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent(".build/venv").path

  static let isThere =
    FileManager.default.fileExists(atPath: python + "/.ready") || ProcessInfo.processInfo.environment["CI"] != nil

  static let script = """
    import pathlib, sys
    from icalendar import Calendar
    calendar = Calendar.from_ical(pathlib.Path(sys.argv[1]).read_bytes())
    assert not calendar.errors and calendar["VERSION"] == "2.0" and calendar["PRODID"]
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        alarm, = event.walk("VALARM")
        assert alarm["ACTION"] == "DISPLAY" and not alarm.errors
        end = event.decoded("DTEND").isoformat() if "DTEND" in event else "-"
        print(event["UID"], event.decoded("DTSTAMP").isoformat(), event.decoded("DTSTART").isoformat(), end,
              alarm.decoded("TRIGGER").total_seconds(), repr(str(event["DESCRIPTION"])))
    """

  @Test(.enabled(if: isThere, "run \"make venv\" first: the reader of others is not there"))
  func `a reader that is not ours reads what was written`() throws {
    let all = try deadlines() + [hostile()]
    let folder = try TemporaryVault.makeFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/due.ics"
    try Data(ICalendar.write(all, now: now, showing: \.description)).write(to: URL(fileURLWithPath: path))
    let (status, output) = try Products.run(Self.python + "/bin/python", ["-c", Self.script, path])
    #expect(status == 0, "\(output)")
    let read = output.split(separator: "\n")
    #expect(read.count == all.count)
    for (deadline, line) in zip(all, read) {
      let start = deadline.opens.text.prefix(19),
        end = deadline.from.map { _ in deadline.when.text.prefix(19) + "+00:00" }
      let alarm = deadline.from == nil ? "-604800.0" : "0.0"
      let head = "\(deadline.item.hex)-\(deadline.end.rawValue)@custody 2026-11-18T11:06:40+00:00"
      #expect(line.hasPrefix("\(head) \(start)+00:00 \(end ?? "-") \(alarm) "))
    }
    #expect(read.last?.contains(#"said: "no; never, ever\\"\nBEGIN:VALARM\\u{0D}\\u{0A}"#) == true)
  }
}
