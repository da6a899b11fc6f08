internal import Glibc

/// A thread that has nothing to do.
package enum Wait {
  /// Signals don't shorten it.
  package static func sleep(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return }
    var rest = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    var left = rest
    while unsafe nanosleep(&rest, &left) != 0, errno == EINTR { rest = left }
  }
}
