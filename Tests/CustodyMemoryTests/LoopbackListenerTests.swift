import CustodyMemory
import Foundation
import Testing

struct LoopbackListenerTests {
  @Test func `it is reached at 127.0.0.1 alone`() throws {
    let listener = try LoopbackListener(port: 0)
    let hex = String(format: "%04X", listener.port)
    let lines = try String(contentsOfFile: "/proc/net/tcp", encoding: .utf8).split(separator: "\n")
    // State 0A listens; the address is written backwards.
    let ours = lines.map { $0.split(separator: " ") }.filter {
      $0.count > 3 && $0[3] == "0A" && $0[1].hasSuffix(":\(hex)")
    }
    #expect(ours.map { $0[1] } == ["0100007F:\(hex)"])
    let other = try String(contentsOfFile: "/proc/net/tcp6", encoding: .utf8)
    #expect(!other.split(separator: "\n").contains { $0.contains(":\(hex) ") && $0.contains(" 0A ") })
  }

  @Test func `nobody came`() throws {
    let start = ContinuousClock.now
    #expect(try LoopbackListener(port: 0).next(within: .milliseconds(150)) == nil)
    #expect(ContinuousClock.now - start >= .milliseconds(150))
    #expect(ContinuousClock.now - start < .seconds(2))
  }
}
