import Foundation
import Glibc
import Testing

/// A connection to a port of this machine, independent of the client under test.
final class PlainSocket {
  private let descriptor: Int32

  init(to port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else {
      close(descriptor)
      throw Refused()
    }
  }

  deinit { close(descriptor) }

  struct Refused: Error {}

  func say(_ bytes: Data) {
    bytes.withUnsafeBytes { _ = send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  /// Sends the bytes and returns all that comes until the other side closes, also if it resets the connection.
  func ask(_ bytes: Data) throws -> Data {
    say(bytes)
    var (reply, room) = (Data(), [UInt8](repeating: 0, count: 65_536))
    while true {
      let got = recv(descriptor, &room, room.count, 0)
      guard got > 0 else { return reply }
      reply += room[..<got]
    }
  }
}
