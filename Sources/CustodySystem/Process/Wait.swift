internal import Glibc

/// Pauses the calling thread.
package enum Wait {
  /// Sleeps for the whole duration, also if signals come.
  package static func sleep(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return }
    var rest = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    var left = rest
    while unsafe nanosleep(&rest, &left) != 0, errno == EINTR { rest = left }
  }
}
