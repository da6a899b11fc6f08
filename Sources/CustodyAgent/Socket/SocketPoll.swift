internal import CUnix
internal import CustodyValues
internal import Glibc

/// Waits until one of some descriptors has something.
enum SocketPoll {
  /// The places of those that are ready, by their order; none when the time is over.
  static func ready(_ descriptors: [Int32], writing: Bool = false, until end: Uptime) -> [Int] {
    var polls = descriptors.map { pollfd(fd: $0, events: Int16(writing ? POLLOUT : POLLIN), revents: 0) }
    // Short naps: after a sleep of the machine, poll's own clock is behind.
    let wait = min(Uptime.now.milliseconds(until: end), 5000)
    let count = unsafe poll(&polls, UInt(polls.count), Int32(wait))
    return count > 0 ? polls.indices.filter { polls[$0].revents != 0 } : []
  }
}

/// SIGTERM, SIGHUP and SIGINT, as something to wait for.
final class SocketSignals {
  let descriptor: Int32

  init() throws(AgentError) {
    let made = cunix_signal_descriptor()
    guard made >= 0 else { throw .failed(.init(code: -made)) }
    descriptor = made
  }

  deinit { close(descriptor) }
}
