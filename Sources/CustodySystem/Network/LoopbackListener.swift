package import CustodyValues
internal import Glibc

/// Listens on 127.0.0.1 for the redirect with which a login sends the browser back. No other machine can reach it,
/// and requests to it are not trusted.
package final class LoopbackListener {
  /// The most connections that are read at once. Pages and programs may connect and send nothing; the newest
  /// connections are kept.
  private static let mostVisits = 32

  private var listener: Int32
  package let port: UInt16
  private var visits: [LoopbackVisit] = []

  /// Listens on a port; 0 takes any free one.
  package init(port wanted: UInt16) throws(SystemError) {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let opened = socket(AF_INET, kind, 0)
    guard opened >= 0 else { throw .last }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = wanted.bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    // Allows a port on which a connection was just answered, but not one on which another process listens.
    var yes: Int32 = 1
    unsafe setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let isReady = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(opened, $0, size) == 0 && listen(opened, 64) == 0 && getsockname(opened, $0, &size) == 0
      }
    }
    guard isReady else {
      let error = SystemError.last
      close(opened)
      throw error
    }
    (listener, port) = (opened, UInt16(bigEndian: address.sin_port))
  }

  deinit { stop() }

  /// Stops listening. Open and later connections are refused.
  package func stop() {
    guard listener >= 0 else { return }
    close(listener)
    listener = -1
    visits = []
  }

  /// The next request whose head is complete, or nil if none came in time.
  package func next(within limit: Duration) throws(SystemError) -> LoopbackVisit? {
    let end = ContinuousClock.now + limit
    while listener >= 0 {
      if let whole = visits.firstIndex(where: \.isWhole) { return visits.remove(at: whole) }
      let now = ContinuousClock.now
      visits.removeAll { $0.isOver(at: now) }
      guard now < end else { return nil }
      try hear(for: (visits.map(\.end) + [end]).min().map { $0 - now } ?? limit)
    }
    return nil
  }

  private func hear(for limit: Duration) throws(SystemError) {
    var polls = ([listener] + visits.map(\.client)).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let milliseconds = limit.components.seconds * 1000 + limit.components.attoseconds / 1_000_000_000_000_000 + 1
    let ready = unsafe poll(&polls, nfds_t(polls.count), Int32(min(max(milliseconds, 0), 60_000)))
    guard ready >= 0 || errno == EINTR else { throw .last }
    guard ready > 0 else { return }
    for (visit, poll) in zip(visits, polls.dropFirst()) where poll.revents != 0 { visit.read() }
    if polls[0].revents != 0 { accept() }
  }

  private func accept() {
    let client = Glibc.accept(listener, nil, nil)
    guard client >= 0 else { return }
    if visits.count >= Self.mostVisits { visits.removeFirst() }
    visits.append(LoopbackVisit(client))
  }
}

/// One request, up to the empty line after its headers.
package final class LoopbackVisit {
  /// The most bytes of a request. Browsers also send the cookies of other programs on this machine.
  private static let mostBytes = 64 * 1024
  private static let patience: Duration = .seconds(3)

  fileprivate let client: Int32
  fileprivate let end = ContinuousClock.now + patience
  package private(set) var head: [UInt8] = []
  fileprivate private(set) var isWhole = false
  private var hasEnded = false

  fileprivate init(_ client: Int32) {
    self.client = client
    var wait = timeval(tv_sec: 1, tv_usec: 0)
    unsafe setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(client) }

  fileprivate func isOver(at time: ContinuousClock.Instant) -> Bool { hasEnded || time >= end }

  fileprivate func read() {
    var room = [UInt8](repeating: 0, count: 4096)
    let got = unsafe recv(client, &room, room.count, Int32(MSG_DONTWAIT))
    guard got > 0 else { return hasEnded = got == 0 || errno != EAGAIN && errno != EINTR }
    let from = max(head.count - 3, 0)
    head += room[..<got]
    let end: [UInt8] = [13, 10, 13, 10]
    isWhole = (from...max(from, head.count - 4)).contains { head[$0...].starts(with: end) }
    hasEnded = !isWhole && head.count >= Self.mostBytes
  }

  /// Sends a reply, and ignores whether it arrives.
  package func answer(_ text: String) {
    let bytes = Array(text.utf8)
    unsafe _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    shutdown(client, Int32(SHUT_WR))
  }
}
