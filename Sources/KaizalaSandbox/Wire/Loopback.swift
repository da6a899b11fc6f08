import Foundation
import Glibc

/// TCP sockets on 127.0.0.1, through the system calls.
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

  /// Appends bytes that have arrived. False if the client has left.
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

  /// Reads on after a refusal, until the client closes, pauses for a second, or has sent 1 MiB. Closing a socket with
  /// unread bytes resets the connection, and the client could then lose the reply.
  static func linger(_ client: Int32) {
    shutdown(client, Int32(SHUT_WR))
    var wait = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    var rest = Data()
    while rest.count < 1 << 20, read(client, into: &rest) {}
  }

  /// Waits for `seconds`, or until the client closes its end, as one does that is killed.
  static func wait(_ seconds: Int64, whileThereIs client: Int32) {
    let end = Date() + TimeInterval(seconds)
    while case let left = end.timeIntervalSinceNow, left > 0 {
      var watched = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
      guard poll(&watched, 1, Int32(min(left * 1000, 60_000).rounded(.up))) > 0 else { continue }
      var byte: UInt8 = 0
      guard recv(client, &byte, 1, Int32(MSG_PEEK)) > 0 else { return }
      // The client has sent more, which nobody reads. It is still there.
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
