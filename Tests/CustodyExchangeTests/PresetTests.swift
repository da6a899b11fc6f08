import CustodyExchange
import CustodyJSON
import Foundation
import Testing

/// The built-in presets, and texts that are refused as presets.
@Suite struct PresetTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Sources/CustodyExchange/Presets")

  @Test func `every file of the folder is in the catalogue, byte for byte, and can be read`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(files.sorted() == Preset.texts.map { $0.id + ".json" }.sorted())
    for (id, text) in Preset.texts {
      let file = try Data(contentsOf: Self.folder.appendingPathComponent(id + ".json"))
      #expect(text == [UInt8](file))
      #expect(try Preset(parsing: text).id == id)
      #expect(Preset.named(id)?.id == id)
    }
    #expect(Preset.all.count == Preset.texts.count)
    #expect(Preset.named("nobody") == nil)
  }

  @Test func `each preset says where its facts are from, of what day, and what to do at the provider`() {
    for preset in Preset.all {
      #expect(!preset.sources.isEmpty && !preset.doubts.isEmpty && !preset.retiring.isEmpty, "\(preset.id)")
      #expect(preset.date == "2026-11-24", "\(preset.id)")
    }
  }

  /// Facts that the providers' documents state, to compare presets with.
  struct Known {
    let id: String
    let url: String
    let client: ClientAuthentication?
    let fate: (Preset.Rotation, Preset.OldToken, grace: Int64?)
    var others: [ClientAuthentication] = []
    var days: (refresh: Int64?, idle: Int64?, family: Int64?) = (nil, nil, nil)
    var access: Int64?
  }

  static let known = [
    Known(
      id: "kaizala", url: "https://api.kaiza.la/v1/accessToken", client: nil, fate: (.late, .unknown, nil),
      days: (365, nil, nil), access: 86_400),
    Known(
      id: "entra", url: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token", client: .post,
      fate: (.always, .valid, nil), others: [.assertion], days: (nil, 90, nil)),
    Known(
      id: "google", url: "https://oauth2.googleapis.com/token", client: .post, fate: (.never, .valid, nil),
      days: (nil, 180, nil), access: 3600),
    Known(
      id: "salesforce", url: "https://{domain}.salesforce.com/services/oauth2/token", client: .post,
      fate: (.optional, .dead, nil), others: [.basic]),
    Known(
      id: "slack", url: "https://slack.com/api/oauth.v2.access", client: .basic, fate: (.always, .dead, nil),
      others: [.post], access: 43_200),
    Known(
      id: "atlassian", url: "https://auth.atlassian.com/oauth/token", client: .post, fate: (.always, .grace, 600),
      days: (nil, 90, 365)),
    Known(
      id: "zoho", url: "https://accounts.zoho.{region}/oauth/v2/token", client: .post, fate: (.never, .valid, nil),
      access: 3600),
    Known(
      id: "zoom", url: "https://zoom.us/oauth/token", client: .basic, fate: (.always, .dead, nil), access: 3600),
    Known(
      id: "hubspot", url: "https://api.hubapi.com/oauth/2026-03/token", client: .post,
      fate: (.optional, .unknown, nil), others: [.assertion], access: 1800),
    Known(
      id: "dropbox", url: "https://api.dropboxapi.com/oauth2/token", client: .post, fate: (.never, .valid, nil),
      others: [.basic], access: 14_400),
    Known(
      id: "intuit", url: "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer", client: .basic,
      fate: (.always, .unknown, nil), others: [.post], days: (nil, 100, 1825), access: 3600),
    Known(
      id: "xero", url: "https://identity.xero.com/connect/token", client: .basic, fate: (.always, .grace, 1800),
      days: (nil, 60, nil), access: 1800),
    Known(
      id: "github-app", url: "https://github.com/login/oauth/access_token", client: .post,
      fate: (.always, .dead, nil), days: (182, nil, nil), access: 28_800),
  ]

  @Test(arguments: known.indices) func `a preset says what PROVIDERS says`(index: Int) throws {
    let known = Self.known[index]
    let preset = try #require(Preset.named(known.id))
    #expect(preset.url == known.url)
    #expect(preset.clientAuthentication == known.client)
    #expect(preset.otherClientAuthentications == known.others)
    #expect((preset.rotation, preset.oldToken) == (known.fate.0, known.fate.1))
    #expect(preset.oldTokenGraceSeconds == known.fate.grace)
    let lifetimes = preset.lifetimes
    #expect((lifetimes.refreshDays, lifetimes.idleDays, lifetimes.familyDays) == known.days)
    #expect(lifetimes.accessSeconds == known.access)
    #expect(preset.follows308 == (known.id == "kaizala"))
  }

  @Test func `every provider of PROVIDERS is there, and oauth2 by hand`() {
    #expect(Preset.all.map(\.id) == Self.known.map(\.id) + ["oauth2"])
    #expect(Preset.named("kaizala")?.lifetimes.renewFromDays == 328)
    #expect(Preset.named("zoho")?.variables.first?.values.contains("com.au") == true)
  }

  @Test func `a connector's way of authenticating moves its ID and secret, and nothing else`() throws {
    let oauth2 = try #require(Preset.named("oauth2"))
    let post = try #require(oauth2.authenticating(by: .post))
    #expect((post.sends.connectorID, post.sends.connectorSecret) == (.form("client_id"), .form("client_secret")))
    #expect(post.sends.refreshToken == oauth2.sends.refreshToken)
    #expect(post.clientAuthentication == .post)
    #expect(oauth2.authenticating(by: .basic)?.sends.connectorID == .basicUser)
    #expect(oauth2.authenticating(by: .assertion)?.sends.connectorSecret == .assertion)
    #expect(Preset.named("zoom")?.authenticating(by: .post) == nil)
    #expect(Preset.named("kaizala")?.authenticating(by: .basic) == nil)
  }

  @Test func `the example in the paper is a preset`() throws {
    let paper = Self.folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("docs/PRESETS.md")
    let text = try String(contentsOf: paper, encoding: .utf8)
    let block = try #require(text.components(separatedBy: "```json\n").dropFirst().first)
    let example = try #require(block.components(separatedBy: "```").first)
    #expect(try Preset(parsing: Array(example.utf8)).oldTokenGraceSeconds == 600)
  }
}
