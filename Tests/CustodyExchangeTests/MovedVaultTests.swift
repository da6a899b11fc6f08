import Custody
import CustodyExchange
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// While a request is out, another file is put in the vault's place.
@Suite(.serialized, .waiting) struct MovedVaultTests {
  let story: ExchangeStory
  let pins: PinFolder
  init() throws {
    story = try ExchangeStory()
    pins = PinFolder(path: story.vault.folder + "/pins")
  }

  /// Makes a backup of the vault's file.
  private func backUp() throws { try story.raw("VACUUM INTO '\(story.vault.folder)/backup.db'") }

  private func putBack() throws {
    for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: story.vault.path + end) }
    try #require(rename(story.vault.folder + "/backup.db", story.vault.path) == 0)
  }

  private func exchangeMeanwhile(_ body: () throws -> Void) throws -> VaultError? {
    try story.answer(access: "access-1", refresh: "refresh-2", delay: 2)
    let (error, done) = (Locked<VaultError?>(nil), DispatchSemaphore(value: 0))
    let (story, pins) = (story, pins)
    Thread {
      let refused = refusal { _ = try story.exchange(pins: pins) }
      error.withLock { $0 = refused }
      done.signal()
    }.start()
    while try story.requests() == 0 { usleep(10_000) }
    try body()
    done.wait()
    return error.withLock { $0 }
  }

  @Test func `a new refresh token does not go into a file that nobody will read again`() throws {
    let error = try exchangeMeanwhile {
      try backUp()
      try putBack()
    }
    #expect(error?.reason.contains("another file was put in its place") == true)
    try story.answer(access: "access-2")
    #expect(try story.exchange(pins: pins).access == "access-2")
    #expect(try story.server.seen(story.place).last?.contains("refresh_token=refresh-2") == true)
    #expect(try story.value() == "refresh-2")
    _ = try story.vault.session(.audrey).verifyLog()
  }

  @Test func `a vault that was put back takes a token in that is newer`() throws {
    try backUp()
    story.vault.clock.advance(days: 1)
    // A new value, so that the token that is sent has a later revision than the backup's.
    try story.vault.session(.ada).commit { try $0.rotate(.token, "contoso/crm", secret: secret("refresh-1b")) }
    let error = try exchangeMeanwhile { try putBack() }
    #expect(error != nil)
    try story.answer(access: "access-2")
    #expect(refusal { _ = try story.exchange(pins: pins) }?.code == .integrity)
    _ = try story.vault.session(.ada, pins: pins).recover(reason: "from the backup")
    #expect(try story.value() == "refresh-1")
    #expect(try story.exchange(pins: pins).access == "access-2")
    #expect(try story.value() == "refresh-2")
  }

  @Test func `nothing else goes out on the word of a file that is not there any more`() throws {
    let dev = try story.vault.session(.dev)
    try backUp()
    try putBack()
    #expect(refusal { _ = try dev.reveal("contoso/crm", how: .pipe) }?.reason.contains("put in its place") == true)
    #expect(try story.value() == "refresh-1")
  }
}
