import Foundation
import Glibc

/// Sockets of 127.0.0.1, by the calls themselves.
enum Loopback {
  struct Failed: Error { let code: Int32 }

  static func listener(port wanted: UInt16) throws(Failed) -> (socket: Int32, port: UInt16) {
    let opened = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard opened >= 0 else { throw Failed(code: errno) }
    var on: Int32 = 1
    setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = address(wanted)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withPointer(&address) { bind(opened, $0, size) } == 0
    guard isBound, listen(opened, 256) == 0, withPointer(&address, { getsockname(opened, $0, &size) }) == 0 else {
      throw Failed(code: errno)
    }
    return (opened, UInt16(bigEndian: address.sin_port))
  }

  /// Appends what has come; false where the client has left.
  static func read(_ socket: Int32, into bytes: inout Data) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &buffer, buffer.count, 0)
    guard count > 0 else { return false }
    bytes.append(contentsOf: buffer[..<count])
    return true
  }

  @discardableResult static func write(_ bytes: Data, to socket: Int32) -> Bool {
    var rest = [UInt8](bytes)[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }

  /// Reads, for a second after the last byte at most, what a client is still sending that was refused. A socket that is closed
  /// before it was read resets the connection, and the client may then lose the reply.
  static func linger(_ client: Int32) {
    shutdown(client, Int32(SHUT_WR))
    var wait = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    var rest = Data()
    while rest.count < 1 << 20, read(client, into: &rest) {}
  }

  /// Waits, and no longer than the client does: one that was killed has closed its end.
  static func wait(_ seconds: Int64, whileThereIs client: Int32) {
    let end = Date() + TimeInterval(seconds)
    while case let left = end.timeIntervalSinceNow, left > 0 {
      var watched = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
      guard poll(&watched, 1, Int32(min(left * 1000, 60_000).rounded(.up))) > 0 else { continue }
      var byte: UInt8 = 0
      guard recv(client, &byte, 1, Int32(MSG_PEEK)) > 0 else { return }
      // It has more to say: that is not for us, but it is there.
      usleep(100_000)
    }
  }

  private static func address(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    return address
  }

  private static func withPointer(_ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Int32)
    -> Int32
  {
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
    }
  }
}
