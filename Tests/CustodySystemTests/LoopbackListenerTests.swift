import CustodySystem
import CustodyValues
import Foundation
import Testing

struct LoopbackListenerTests {
  private static func isOpen(_ address: String, _ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    target.sin_port = port.bigEndian
    target.sin_addr.s_addr = inet_addr(address)
    return withUnsafePointer(to: &target) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  @Test func `it is reached at 127.0.0.1 alone, until it stops`() throws {
    let listener = try LoopbackListener(port: 0)
    #expect(Self.isOpen("127.0.0.1", listener.port))
    // Addresses of this machine, too.
    #expect(!Self.isOpen("127.0.0.2", listener.port))
    listener.stop()
    #expect(!Self.isOpen("127.0.0.1", listener.port))
    #expect(try listener.next(within: .seconds(5)) == nil)
  }

  @Test func `nobody came`() throws {
    let start = ContinuousClock.now
    #expect(try LoopbackListener(port: 0).next(within: .milliseconds(150)) == nil)
    #expect(ContinuousClock.now - start >= .milliseconds(150))
  }
}
