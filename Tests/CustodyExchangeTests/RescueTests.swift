import Custody
import CustodyExchange
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// A new refresh token that the vault could not store. It is never thrown away unless the vault has a newer one.
@Suite(.serialized, .waiting) struct RescueTests {
  let story: ExchangeStory
  let pins: PinFolder

  init() throws {
    story = try ExchangeStory()
    pins = PinFolder(path: story.vault.folder + "/pins")
    try story.answer(access: "access-2")
  }

  /// Has dev's exchange bring refresh-2, which can't be stored.
  private func saveOne() throws {
    let dev = try story.vault.session(.dev, pins: pins)
    let claim = try dev.claim("contoso/crm")
    try story.raw("CREATE TRIGGER full BEFORE INSERT ON revision BEGIN SELECT RAISE(ABORT, 'full'); END")
    let answer = ExchangeAnswer(
      accessToken: try secret("access-1"), refreshToken: try secret("refresh-2"),
      facts: .init(obtained: story.vault.clock.now()))
    let error = refusal { _ = try dev.finishExchange(claim, how: .pipe, answer) }
    #expect(error?.hint?.description.contains("run the exchange again on this machine") == true)
    try story.raw("DROP TRIGGER full")
    // As if the process had ended.
    try story.raw("UPDATE exchange SET owner = NULL")
  }

  private var path: String {
    get throws {
      let names = try FileManager.default.contentsOfDirectory(atPath: pins.path)
      return pins.path + "/" + (try #require(names.first { $0.hasSuffix(".rescue") }))
    }
  }

  private func change(_ body: (inout [UInt8]) -> Void) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    body(&bytes)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private func sentLast() throws -> String? {
    try story.server.seen(story.place).last?.components(separatedBy: "refresh_token=").last
      .map { String($0.prefix { $0 != "&" }) }
  }

  @Test func `a new data key in between does not lose it`() throws {
    try saveOne()
    for _ in 0..<2 { try story.vault.session(.ada).commit { try $0.rekey(.token, "contoso/crm") } }
    #expect(try story.exchange(pins: pins).access == "access-2")
    #expect(try sentLast() == "refresh-2")
    #expect(try story.value() == "refresh-2")
    _ = try story.vault.session(.audrey).verifyLog()
  }

  @Test func `another member on that machine takes it in`() throws {
    try saveOne()
    try story.vault.session(.ada).commit { try $0.share(.token, "contoso/crm", Share(with: "bea")) }
    try story.vault.session(.dev).commit { try $0.share(.connector, "crm", Share(with: "bea")) }
    #expect(try story.exchange(.bea, pins: pins).access == "access-2")
    #expect(try sentLast() == "refresh-2")
  }

  @Test func `who may not exchange takes nothing in`() throws {
    try saveOne()
    #expect(refusal { _ = try story.exchange(.audrey, pins: pins) }?.code == .notPermitted)
    try story.vault.session(.ada).commit { _ = try $0.unshare(.token, "contoso/crm", from: "dev") }
    #expect(refusal { _ = try story.exchange(pins: pins) }?.code == .notShared)
    #expect(try story.value() == "refresh-1")
  }

  @Test func `what an admin stored meanwhile is newer`() throws {
    try saveOne()
    try story.vault.session(.ada).commit { try $0.rotate(.token, "contoso/crm", secret: secret("from-the-admin")) }
    #expect(try story.exchange(pins: pins).access == "access-2")
    #expect(try story.value() == "from-the-admin")
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).allSatisfy { $0 == 0 })
  }

  /// Bytes 18 to 65 are numbers; the envelope and the token follow.
  @Test(arguments: [66 + 80 + 60, 66 + 80])
  func `one that was torn bars the way until someone sets it aside`(place: Int) throws {
    try saveOne()
    try change { $0[place] ^= 1 }
    let error = refusal { _ = try story.exchange(pins: pins) }
    #expect(error?.code == .integrity)
    #expect(error?.hint?.steps == [.use(.askAgain)])
    #expect(try story.requests() == 0)
    #expect(try story.exchange(pins: pins) { $0.asksAgain = true }.access == "access-2")
    #expect(try sentLast() == "refresh-1")
    #expect(FileManager.default.fileExists(atPath: try path + ".unread"))
    #expect(try story.exchange(pins: pins) { $0.isFresh = true }.access == "access-2")
  }

  @Test func `after a new data key a changed envelope opens nothing`() throws {
    try saveOne()
    try story.vault.session(.ada).commit { try $0.rekey(.token, "contoso/crm") }
    try change { $0[66 + 40] ^= 1 }
    #expect(refusal { _ = try story.exchange(pins: pins) }?.code == .integrity)
  }

  @Test(arguments: [0xFF, 0x7F] as [UInt8], [50, 58])
  func `lengths that someone made up end no process`(top: UInt8, place: Int) throws {
    try saveOne()
    try change { bytes in
      for index in place..<place + 8 { bytes[index] = 0xFF }
      bytes[place + 7] = top
    }
    // The saved token is no longer valid here, so this is a lost answer again.
    #expect(refusal { _ = try story.exchange(pins: pins) }?.code == .outcomeUnknown)
  }

  @Test func `a link in its place is not followed, and is told of`() throws {
    try saveOne()
    let path = try path
    try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path + ".away")
    #expect(refusal { _ = try story.exchange(pins: pins) }?.reason.contains("cannot read") == true)
    #expect(try story.requests() == 0)
  }

  @Test(.enabled("needs the right to mount", { getuid() == 0 }))
  func `without room to save an answer nobody is asked`() throws {
    try FileManager.default.createDirectory(atPath: pins.path, withIntermediateDirectories: true)
    try #require(
      try Products.run("/usr/bin/env", ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", pins.path]).status == 0)
    defer { _ = try? Products.run("/usr/bin/env", ["umount", pins.path]) }
    _ = try story.vault.session(.dev, pins: pins)
    let free = try #require(
      FileManager.default.attributesOfFileSystem(forPath: pins.path)[.systemFreeSize] as? Int)
    try Data(count: free - 8192).write(to: URL(fileURLWithPath: pins.path + "/filler"))
    let error = refusal { _ = try story.exchange(pins: pins) }
    #expect(error?.code == .diskFull)
    #expect(error?.reason.contains("has no room") == true)
    #expect(try story.requests() == 0)
    try FileManager.default.removeItem(atPath: pins.path + "/filler")
    #expect(try story.exchange(pins: pins).access == "access-2")
  }
}
