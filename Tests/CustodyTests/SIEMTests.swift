import CustodyEvidence
import Custody
import CustodyLog
import CustodySystem
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// The log for the tools that watch other logs.
struct SIEMTests {
  let vault: TemporaryVault
  static let reason = "=1+1 | \"quoted\" \\ back\nsecond line\u{202e}"

  init() throws {
    vault = try TamperTests.busyVault()
    let ada = try vault.session(.ada)
    try ada.commit {
      try $0.share(
        .token, "contoso/crm-sync",
        Share(with: "dev", until: vault.clock.now().adding(milliseconds: 1000), reason: Self.reason))
    }
    _ = try ada.commit { try $0.setRole(of: "bea", to: .developer, reason: "moved", orphaning: true) }
    _ = try ada.commit { try $0.remove("bea", reason: "left the firm", orphaning: true) }
    #expect(refusal { _ = try vault.session(.audrey).reveal("contoso/crm-sync", how: .tty) } != nil)
  }

  private func export(_ format: LogFormat, _ filter: LogFilter = LogFilter()) throws -> [String] {
    var bytes: [UInt8] = []
    _ = try vault.session(.audrey).exportLog(filter, format) { bytes += $0 }
    let text = try #require(String(validating: bytes, as: UTF8.self))
    #expect(text.utf8.last == 0x0a)
    return text.unicodeScalars.split(separator: "\n").map { String($0) }
  }

  private func objects(_ format: LogFormat) throws -> [[String: Any]] {
    try export(format).map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  @Test func `OCSF has the class and activity of each action`() throws {
    let events = try objects(.ocsf)
    var seen: [String: Int] = [:]
    for event in events {
      let metadata = try #require(event["metadata"] as? [String: Any])
      let code = try #require(metadata["event_code"] as? String)
      seen[code] = event["type_uid"] as? Int
      #expect(
        event["type_uid"] as? Int == (event["class_uid"] as? Int ?? 0) * 100 + (event["activity_id"] as? Int ?? 0))
      #expect(metadata["version"] as? String == "1.8.0")
      // Required by the classes: https://schema.ocsf.io/1.8.0/classes
      let required = [3005: ["user", "privileges"], 3004: ["entity"], 3001: ["user"], 1008: []]
      for key in required[event["class_uid"] as? Int ?? 0] ?? ["no class"] {
        #expect(event[key] != nil, "\(code) \(key)")
      }
      for key in ["severity_id", "category_uid", "time", "actor", "raw_data", "unmapped"] { #expect(event[key] != nil) }
    }
    #expect(seen["token.share"] == 300501)
    #expect(seen["token.unshare"] == 300502)
    #expect(seen["token.store"] == 300401)
    #expect(seen["token.reveal"] == 300402)
    #expect(seen["token.rotate"] == 300403)
    #expect(seen["member.enroll"] == 300101)
    #expect(seen["member.remove"] == 300105)
    let again = try #require(try objects(.ocsf).last?["metadata"] as? [String: Any])
    #expect(again["event_code"] as? String == "log.export")
  }

  @Test func `an OCSF event carries the signed note and its SHA-256, and says who was denied`() throws {
    let events = try objects(.ocsf)
    let denied = try #require(events.first { $0["status_id"] as? Int == 2 })
    #expect(denied["severity_id"] as? Int == 2)
    #expect(((denied["actor"] as? [String: Any])?["user"] as? [String: Any])?["name"] as? String == "audrey")
    let raw = try #require(denied["raw_data"] as? String)
    #expect(try Entry(parsing: Array(raw.utf8)).outcome == .denied)
    let grave = events.filter { $0["severity_id"] as? Int == 3 }
    #expect(grave.count == 8)
  }

  @Test func `ECS has categories and types that go together`() throws {
    let events = try objects(.ecs)
    let allowed = [
      "iam": ["admin", "change", "creation", "deletion", "group", "info", "user"],
      "file": ["access", "change", "creation", "deletion", "info"],
      "configuration": ["access", "change", "creation", "deletion", "info"],
    ]
    for event in events {
      let inner = try #require(event["event"] as? [String: Any])
      let category = try #require((inner["category"] as? [String])?.first)
      for type in try #require(inner["type"] as? [String]) { #expect(allowed[category]?.contains(type) == true) }
      #expect((event["@timestamp"] as? String)?.hasSuffix("Z") == true)
    }
    let share = try #require(events.last { ($0["event"] as? [String: Any])?["action"] as? String == "token.share" })
    #expect(((share["user"] as? [String: Any])?["target"] as? [String: Any])?["name"] as? String == "dev")
    #expect((share["organization"] as? [String: Any])?["id"] as? String == "contoso")
    #expect((share["custody"] as? [String: Any])?["reason"] as? String == Self.reason)
  }

  @Test func `every form says why somebody left, the new role, how a value left, and what was exported`() throws {
    _ = try export(.csv)
    for format in [LogFormat.csv, .ocsf, .ecs, .cef] {
      let lines = try export(format)
      func holds(_ action: String, _ words: String...) {
        let found = lines.filter { $0.contains("\"\(action)\"") || $0.contains("|\(action)|") }
        #expect(found.contains { line in words.allSatisfy { line.contains($0) } }, "\(format) of \(action): \(found)")
      }
      holds("member.remove", "left the firm", "bea", "developer")
      holds("member.role", "moved", "as a developer")
      holds("token.reveal", "token.reveal")
      holds("log.export", "as csv")
      let reveal = try #require(lines.first { $0.contains("through a pipe") })
      #expect(reveal.contains("token.reveal"))
    }
    var rows: [LogLine] = []
    try vault.session(.audrey).eachLogLine(LogFilter()) { rows.append($0) }
    let messages = rows.map(\.message)
    #expect(messages.contains("ada removed bea."))
    #expect(messages.contains("ada changed the role of bea (as a developer)."))
    #expect(messages.contains("dev revealed the token contoso/crm-sync (through a pipe)."))
    #expect(messages.contains("audrey was not permitted to reveal the token contoso/crm-sync."))
    #expect(messages.contains { $0.hasPrefix("ada shared the token contoso/crm-sync with dev until 20") })
    #expect(messages.contains { $0.hasPrefix("audrey exported all ") && $0.hasSuffix(" entries as csv.") })
  }

  @Test func `an OCSF event of a share has its end and its reason, and the recipient's role then`() throws {
    let share = try #require(
      objects(.ocsf).last { ($0["metadata"] as? [String: Any])?["event_code"] as? String == "token.share" })
    #expect(share["end_time"] as? Int64 == vault.clock.now().adding(milliseconds: 1000).milliseconds)
    let unmapped = try #require(share["unmapped"] as? [String: Any])
    #expect(unmapped["reason"] as? String == Self.reason)
    #expect(unmapped["recipient_role"] as? String == "developer")
    let bea = try #require(
      objects(.ocsf).first {
        ($0["metadata"] as? [String: Any])?["event_code"] as? String == "token.share"
          && ($0["user"] as? [String: Any])?["name"] as? String == "bea"
      })
    #expect((bea["unmapped"] as? [String: Any])?["recipient_role"] as? String == "admin")
  }

  @Test func `CEF is one line an event, whatever stands in a reason`() throws {
    var filter = LogFilter()
    filter.actions = [.tokenShare]
    let lines = try export(.cef, filter)
    let line = try #require(lines.last)
    #expect(lines.count == 5)
    #expect(line.hasPrefix("CEF:0|Custody|Custody|\(Release.version)|token.share|Token shared|3|rt="))
    #expect(line.contains(#" reason=\=1+1 | "quoted" \\ back%0Asecond line%E2%80%AE end="#))
    #expect(line.contains("cs4Label=grantId cs4=custody.local/"))
    #expect(line.contains("suser=ada "))
    #expect(line.contains("duser=dev "))
    #expect(!line.contains("approver"))
  }
}
