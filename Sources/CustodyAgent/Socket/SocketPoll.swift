internal import CUnix
internal import CustodyValues
internal import Glibc

/// Waits until one of several descriptors is ready.
enum SocketPoll {
  /// Waits until some are ready, and returns their indices; none if the time is over.
  static func ready(_ descriptors: [Int32], writing: Bool = false, until end: Uptime) -> [Int] {
    var polls = descriptors.map { pollfd(fd: $0, events: Int16(writing ? POLLOUT : POLLIN), revents: 0) }
    // At most five seconds at once, because poll's own clock stops while the machine sleeps.
    let wait = min(Uptime.now.milliseconds(until: end), 5000)
    let count = unsafe poll(&polls, UInt(polls.count), Int32(wait))
    return count > 0 ? polls.indices.filter { polls[$0].revents != 0 } : []
  }
}

/// A descriptor that is ready once SIGTERM, SIGHUP or SIGINT has come.
final class SocketSignals {
  let descriptor: Int32

  init() throws(AgentError) {
    let made = cunix_signal_descriptor()
    guard made >= 0 else { throw .failed(.init(code: -made)) }
    descriptor = made
  }

  deinit { close(descriptor) }
}
