import CustodyEvidence
import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// The HTML report, in a browser: what it says of itself, whole and tampered with.
@Suite(.enabled(if: Browser.path != nil, "no Chromium here"), .serialized)
struct ReportTests {
  let vault: TemporaryVault
  static let hostile = "</script><img src=x onerror=alert(1)> \"quoted\" 'and' \u{202e}turned\u{2028} & <!--"

  init() throws {
    vault = try TamperTests.busyVault(isCosigned: false)
    let ada = try vault.session(.ada)
    try ada.commit {
      try $0.share(
        .token, "contoso/crm-sync",
        Share(with: "dev", until: vault.clock.now().adding(milliseconds: 864_000_000), reason: Self.hostile))
    }
    #expect(refusal { _ = try vault.session(.audrey).reveal("contoso/crm-sync", how: .tty) } != nil)
  }

  private func report(_ filter: LogFilter = LogFilter()) throws -> String { try ReportPage.of(vault, filter) }
  private func open(_ report: String) throws -> Browser.Page { try ReportPage.open(report, in: vault.folder) }
  private func tampered(_ change: (inout [String]) throws -> Void) throws -> Browser.Page {
    try open(ReportPage.changed(report(), change))
  }

  @Test func `a report of a real vault verifies itself, and hostile text in it stays text`() throws {
    let text = try report()
    let page = try open(text)
    #expect(page.verdict == "good")
    #expect(page.console == [])
    #expect(!page.dom.contains("<img"))
    #expect(page.dom.contains("⟨U+202E⟩turned⟨U+2028⟩"))
    #expect(page.dom.contains("contoso/crm-sync"))
  }

  @Test func `a part of the log verifies by its proofs, and claims no completeness`() throws {
    var filter = LogFilter()
    filter.actions = [.tokenShare]
    let page = try open(report(filter))
    #expect(page.verdict == "good")
    #expect(page.dom.contains(#/token\.share: \d+ of the first \d+ entries, as audrey signed at /#))
    #expect(page.dom.contains("left out is the word of audrey"))
  }

  @Test func `a removed line is missed where it stood`() throws {
    let page = try tampered { $0.remove(at: 3) }
    #expect(page.verdict == "bad")
    #expect(page.index("completeness") == "3")
  }

  @Test func `swapped lines are out of order`() throws {
    let page = try tampered { $0.swapAt(3, 4) }
    #expect(page.verdict == "bad")
    #expect(page.index("completeness") == "3")
  }

  @Test func `a report that was cut short says so`() throws {
    let page = try tampered { $0.removeLast() }
    #expect(page.verdict == "bad")
    #expect(page.index("completeness") != nil)
  }

  @Test func `a forged name beside an entry is found`() throws {
    let page = try tampered { lines in
      lines[0] = lines[0].replacingOccurrences(of: "\"actor_name\":\"ada\"", with: "\"actor_name\":\"bea\"")
    }
    #expect(page.verdict == "bad")
    #expect(page.index("integrity") == "0")
  }

  @Test func `a changed byte of an entry breaks its hash and its signature`() throws {
    let page = try tampered { lines in
      lines[2] = try Self.edited(lines[2], "entry") { $0.replacingOccurrences(of: "\nname ", with: "\nname x") }
    }
    #expect(page.verdict == "bad")
    #expect(page.index("integrity") == "2")
  }

  @Test func `changed metadata is not what the entry names`() throws {
    let page = try tampered { lines in
      let place = try #require(lines.firstIndex { $0.contains("\"type\":\"item\"") })
      lines[place] = try Self.edited(lines[place], "metadata") {
        $0.replacingOccurrences(of: "kaizala", with: "kajzala")
      }
    }
    #expect(page.verdict == "bad")
    #expect(page.index("integrity") != nil)
  }

  @Test func `details from before a change are not those of now`() throws {
    func item(_ lines: [String]) throws -> Int {
      try #require(lines.firstIndex { $0.contains("\"type\":\"item\"") && $0.contains(token) })
    }
    let token = try #require(try vault.session(.audrey).tokens().first { $0.details.tenant == "contoso" }).id.hex
    var before = ""
    _ = try tampered { before = $0[try item($0)] }
    try vault.session(.ada).commit {
      try $0.changeToken("contoso/crm-sync") { $0.reach = .group }
    }
    let exchanged = try tampered { $0[try item($0)] = before }
    let added = try tampered { $0.insert(before, at: try item($0)) }
    #expect(exchanged.verdict == "bad")
    #expect(added.verdict == "bad")
  }

  @Test func `what ends an exposure is a command that there is, also for what was retired`() throws {
    let ada = try vault.session(.ada)
    try ada.commit {
      _ = try $0.unshare(.token, "contoso/crm-sync", from: "dev")
      _ = try $0.unshare(.token, "fabrikam/mail", from: "dev")
      try $0.retire(.token, "fabrikam/mail")
    }
    let page = try open(report())
    #expect(page.verdict == "good")
    #expect(page.dom.contains("<code>custody token rotate contoso/crm-sync</code>"))
    #expect(page.dom.contains("<code>revoke it at the provider</code>"))
  }

  @Test func `a value that an admin replaced unseen is exposed still, until who held it settles it`() throws {
    var value = NewValue()
    value.takesOver = true
    try vault.session(.bea).commit { try $0.rotate(.token, "fabrikam/mail", secret: secret("taken-over"), value) }
    let before = try open(report())
    #expect(before.verdict == "good")
    #expect(
      before.dom.contains(
        "revoke it at the provider, then an admin who held it: custody token settle fabrikam/mail --revision 1"))
    try vault.session(.ada).commit { try $0.settle(.token, "fabrikam/mail", revision: 1) }
    let after = try open(report())
    #expect(after.verdict == "good")
    #expect(!after.dom.contains("custody token settle fabrikam/mail"))
  }

  @Test func `a changed checkpoint is signed by nobody`() throws {
    let page = try tampered { lines in
      let note = try #require(lines.last?.firstMatch(of: /\\n([A-Za-z0-9+\/]{43}=)\\n/)).1
      let other = Data(SystemRandomNumberGenerator.bytes(32)).base64EncodedString()
      lines[lines.count - 1] = lines[lines.count - 1].replacingOccurrences(of: note, with: other)
    }
    #expect(page.verdict == "bad")
    #expect(page.index("integrity") != nil)
    #expect(page.index("attribution") != nil)
  }

  /// Changes the base64 content of a line's member.
  private static func edited(_ line: String, _ member: String, _ change: (String) -> String) throws -> String {
    let old = try #require(try Regex("\"\(member)\":\"([A-Za-z0-9+/=]+)\"").firstMatch(in: line)?[1].substring)
    let text = try #require(Data(base64Encoded: String(old)).map { String(decoding: $0, as: UTF8.self) })
    let new = Data(change(text).utf8).base64EncodedString()
    #expect(new != old)
    return line.replacingOccurrences(of: String(old), with: new)
  }
}

extension SystemRandomNumberGenerator {
  fileprivate static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255) } }
}
