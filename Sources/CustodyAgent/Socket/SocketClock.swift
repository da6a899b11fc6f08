internal import Glibc

/// The system's clock that goes on while the machine sleeps.
enum SocketClock {
  static var milliseconds: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
