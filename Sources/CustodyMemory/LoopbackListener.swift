internal import CUnix
internal import Glibc

/// A port on 127.0.0.1 that a browser is sent back to. What it says there is not trusted, and nobody else can reach it.
public final class LoopbackListener {
  private let listener: Int32
  public let port: UInt16

  /// Any free port for 0.
  public init(port wanted: UInt16) throws(SystemError) {
    let opened = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard opened >= 0 else { throw .last }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = wanted.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isReady = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(opened, $0, size) == 0 && listen(opened, 16) == 0 && getsockname(opened, $0, &size) == 0
      }
    }
    guard isReady else {
      let error = SystemError.last
      close(opened)
      throw error
    }
    (listener, port) = (opened, UInt16(bigEndian: address.sin_port))
  }

  deinit { close(listener) }

  /// The head of the next request, or nothing where none came in time. One connection at a time, each for a second at most.
  public func next(within limit: Duration) throws(SystemError) -> Visit? {
    guard try Self.isReadable(listener, within: limit) else { return nil }
    let client = accept(listener, nil, nil)
    guard client >= 0 else { return nil }
    var wait = timeval(tv_sec: 1, tv_usec: 0)
    unsafe setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    unsafe setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
    return Visit(client)
  }

  private static func isReadable(_ descriptor: Int32, within limit: Duration) throws(SystemError) -> Bool {
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let milliseconds = min(max(limit.components.seconds * 1000, 0) + 999, 3_600_000)
    let ready = unsafe Glibc.poll(&poll, 1, Int32(milliseconds))
    guard ready >= 0 || errno == EINTR else { throw .last }
    return ready > 0
  }

  /// One request, up to the empty line after its headers.
  public final class Visit {
    private static let mostBytes = 16 * 1024
    private let client: Int32
    public let head: [UInt8]

    fileprivate init(_ client: Int32) {
      self.client = client
      var bytes: [UInt8] = []
      while bytes.count < Self.mostBytes, !Self.isWhole(bytes) {
        var room = [UInt8](repeating: 0, count: 4096)
        let got = unsafe recv(client, &room, room.count, 0)
        guard got > 0 else { break }
        bytes += room[..<got]
      }
      head = Self.isWhole(bytes) ? bytes : []
    }

    deinit { close(client) }

    private static func isWhole(_ bytes: [UInt8]) -> Bool {
      let end: [UInt8] = [13, 10, 13, 10]
      return bytes.count >= 4 && (0...bytes.count - 4).contains { bytes[$0..<$0 + 4].elementsEqual(end) }
    }

    /// Whether it arrives is the visitor's to worry about.
    public func answer(_ text: String) {
      let bytes = Array(text.utf8)
      unsafe _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      shutdown(client, Int32(SHUT_WR))
    }
  }
}
