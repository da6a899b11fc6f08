import CustodyEvidence
import Custody
import CustodyLog
import CustodyValues
import CustodyTesting
import Testing

/// Lists of more items than are read at a time.
struct ListingTests {
  let vault: TemporaryVault
  private static let shared = [7, 150, 151, 299]

  init() throws {
    vault = try TemporaryVault()
    try vault.furnish()
    try vault.session(.ada).commit { transaction in
      for number in 0..<300 {
        let token = TokenDetails(tenant: "t\(number)", connector: "crm-sync", provider: "kaizala", reach: .user)
        try transaction.store(
          token, secret: secret("refresh-\(number)"),
          sharing: Self.shared.contains(number) ? [Share(with: "dev")] : [])
      }
    }
  }

  @Test func `a list has each item once, in the order of IDs, as it is when it is read alone`() throws {
    let session = try vault.session(.audrey)
    let list = try session.tokens()
    #expect(list.map(\.id) == list.map(\.id).sorted())
    #expect(Set(list.map(\.details.tenant)) == Set(["contoso"] + (0..<300).map { "t\($0)" }))
    #expect(list.count == 301)
    for listing in [list[0], list[127], list[128], list[300]] {
      let alone = try session.token(listing.details.name)
      #expect(alone.id == listing.id)
      #expect(alone.details == listing.details)
      #expect(Set(alone.grants.keys) == Set(listing.grants.keys))
    }
  }

  @Test func `a developer lists what was shared with them`() throws {
    let list = try vault.session(.dev).tokens()
    #expect(Set(list.map(\.details.tenant)) == Set(Self.shared.map { "t\($0)" }))
    #expect(list.map(\.id) == list.map(\.id).sorted())
    let exposed = try vault.session(.dev).exposures()
    #expect(Set(exposed.filter { $0.kind == .token }.map(\.name)) == Set(Self.shared.map { "t\($0)/crm-sync" }))
  }

  @Test func `an item whose row is missing is named, by who lists it and by who verifies`() throws {
    let id = try vault.session(.dev).token("t151/crm-sync").id.hex
    let raw = try RawFile(vault.path)
    for table in ["envelope", "revision", "item"] {
      try raw.run("DELETE FROM \(table) WHERE \(table == "item" ? "id" : "item") = x'\(id)'")
    }
    for person in [Person.ada, .dev] {
      let session = try vault.session(person)
      var damaged: [String] = []
      try session.eachToken(damaged: { damaged.append($0.item.id.hex) }, { _ in })
      #expect(damaged == [id])
      #expect(session.damages.map { $0.item?.hex } == [id])
    }
    let error = refusal { _ = try vault.session(.audrey).verifyLog() }
    #expect(error?.code == .integrity)
    #expect(error?.damage.contains { $0.item?.hex == id } == true)
  }

  @Test func `who takes the list may stop, and the session goes on`() throws {
    let session = try vault.session(.ada)
    var taken = 0
    let error = refusal {
      try session.eachToken { _ in
        taken += 1
        if taken == 130 { throw VaultError(.cancelled, "enough") }
      }
    }
    #expect(error?.code == .cancelled)
    #expect(taken == 130)
    #expect(try session.tokens().count == 301)
  }

  @Test func `an export of more lines than are read at a time discloses each name once and verifies`() throws {
    let place = vault.folder + "/evidence"
    _ = try vault.session(.audrey).exportBundle(LogFilter(), to: place)
    let report = try Evidence.verify(at: place)
    #expect(report.verdicts.holds)
    #expect(report.provesNames)
    var lines: [String] = []
    _ = try vault.session(.audrey).exportLog(LogFilter(), .jsonl) {
      lines += String(decoding: $0, as: UTF8.self).split(separator: "\n").map(String.init)
    }
    #expect(lines.count { $0.contains("\"type\":\"item\"") } == 302)
    var filter = LogFilter()
    filter.tenant = "t299"
    var part: [String] = []
    _ = try vault.session(.audrey).exportLog(filter, .jsonl) {
      part += String(decoding: $0, as: UTF8.self).split(separator: "\n").map(String.init)
    }
    #expect(part.count { $0.contains("\"type\":\"item\"") } == 1)
  }
}
