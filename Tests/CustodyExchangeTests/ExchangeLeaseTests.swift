import Custody
import CustodyExchange
import CustodyLog
import CustodySystem
import CustodyValues
import CustodyTesting
import Foundation
import Testing

/// Only one process exchanges a token at a time, and a dead one is not waited for.
@Suite(.serialized, .waiting) struct ExchangeLeaseTests {
  let story: ExchangeStory
  init() throws { story = try ExchangeStory() }

  /// Runs exchanges on threads of their own, each with its session and connection, as separate processes have.
  private func together(
    _ count: Int, _ change: @escaping @Sendable (inout ExchangeOptions) -> Void = { _ in }
  ) -> [Result<ExchangeStory.Got, VaultError>] {
    let results = Locked<[Result<ExchangeStory.Got, VaultError>]>([])
    let group = DispatchGroup()
    let story = story
    for _ in 0..<count {
      group.enter()
      let thread = Thread {
        let result: Result<ExchangeStory.Got, VaultError>
        do { result = .success(try story.exchange(.dev, change)) } catch {
          result = .failure(error as? VaultError ?? VaultError(.failed, "\(error)"))
        }
        results.withLock { $0.append(result) }
        group.leave()
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
    group.wait()
    return results.withLock { $0 }
  }

  @Test(arguments: [false, true]) func `eight at once make one request`(isFresh: Bool) throws {
    try story.answer(access: "access-1", refresh: "refresh-2", delay: 2)
    let got = try together(8) { $0.isFresh = isFresh }.map { try $0.get() }
    #expect(got.allSatisfy { $0.access == "access-1" })
    #expect(got.count { !$0.kept } == 1)
    #expect(try story.requests() == 1)
    #expect(try story.entries().count { $0.text(.source) == "cache" } == 7)
    #expect(try story.value() == "refresh-2")
    _ = try story.vault.session(.audrey).verifyLog()
  }

  @Test func `those who waited share the failure, too`() throws {
    try story.answer(#"{"error":"invalid_client"}"#, status: 401, delay: 2)
    for result in together(8) {
      #expect(throws: VaultError(.wrongClient, "")) { try result.get() }
    }
    #expect(try story.requests() == 1)
    // A later exchange asks the provider again: the connector may have been corrected.
    #expect(refusal { _ = try story.exchange() }?.code == .wrongClient)
    #expect(try story.requests() == 2)
  }

  @Test func `a process that is gone holds nothing`() throws {
    try story.answer(access: "access-1")
    _ = try story.vault.session(.dev).claim("contoso/crm")
    #expect(refusal { _ = try story.exchange { $0.patience = .milliseconds(300) } }?.code == .busy)
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/bin/true")
    try child.run()
    child.waitUntilExit()
    var owner = try #require(RunningProcess.current).bytes
    let number = UInt32(child.processIdentifier)
    owner.replaceSubrange(24..<28, with: (0..<4).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) })
    #expect(RunningProcess(owner)?.isGone == true)
    let hex = (owner + [UInt8](repeating: 7, count: 8)).map { String(format: "%02x", $0) }.joined()
    try story.raw("UPDATE exchange SET owner = x'\(hex)'")
    // The process ended while its request was out, so its answer is lost.
    #expect(refusal { _ = try story.exchange() }?.code == .outcomeUnknown)
    #expect(try story.exchange { $0.asksAgain = true }.access == "access-1")
  }

  @Test func `who lives is not gone, nor is a process of another machine`() throws {
    let current = try #require(RunningProcess.current)
    #expect(!current.isGone)
    var elsewhere = current.bytes
    (elsewhere[0], elsewhere[24]) = (elsewhere[0] ^ 1, 0x3F)
    #expect(RunningProcess(elsewhere)?.isGone == false)
    var before = current.bytes
    before[35] ^= 1
    #expect(RunningProcess(before)?.isGone == true)
    #expect(RunningProcess([1, 2, 3]) == nil)
  }

  @Test func `while a request is out its beat goes on`() throws {
    try story.answer(access: "access-1", delay: 5)
    let dev = try story.vault.session(.dev)
    let item = try dev.token("contoso/crm").item.id
    let (story, done) = (story, DispatchSemaphore(value: 0))
    Thread {
      _ = try? story.exchange { $0.timeLimit = .seconds(20) }
      done.signal()
    }.start()
    var seen: [ExchangeHold] = []
    while done.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
      if let hold = try dev.exchangeHold(of: item), seen.last != hold { seen.append(hold) }
    }
    #expect(seen.count >= 2)
    #expect(try dev.exchangeHold(of: item) == nil)
  }
}
