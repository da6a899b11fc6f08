import Foundation
import Glibc

/// The person's side of a terminal: it types, and reads the screen.
public final class PseudoTerminal: @unchecked Sendable {
  public let master: Int32
  public let path: String
  private var seen: [UInt8] = []
  private let lock = NSLock()

  public init() {
    // TIOCSPTLCK and TIOCGPTN, the calls of unlockpt and ptsname, which Glibc's module map hides.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (unlocked, number): (Int32, Int32) = (0, -1)
    _ = ioctl(master, 0x4004_5431, &unlocked)
    _ = ioctl(master, 0x8004_5430, &number)
    path = "/dev/pts/\(number)"
  }

  deinit { close(master) }

  public func type(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let put = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      guard put > 0 else { return }
      rest = rest.dropFirst(put)
    }
  }

  public func type(_ text: String) { type([UInt8](text.utf8)) }

  /// Reads until the screen contains `text`; false after `seconds`.
  public func waits(for text: String, seconds: Double = 60) -> Bool {
    let deadline = Date().addingTimeInterval(seconds)
    while Date() < deadline {
      if screen.contains(text) { return true }
      drain(milliseconds: 50)
    }
    return false
  }

  /// All output so far.
  public var screen: String { lock.withLock { String(decoding: seen, as: UTF8.self) } }

  /// Reads the output until none comes for `milliseconds`.
  public func drain(milliseconds: Int32 = 100) {
    var wait = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    while poll(&wait, 1, milliseconds) == 1, wait.revents & Int16(POLLIN) != 0 {
      var chunk = [UInt8](repeating: 0, count: 4096)
      let got = read(master, &chunk, chunk.count)
      guard got > 0 else { return }
      lock.withLock { seen += chunk[..<got] }
    }
  }

  public var echoes: Bool { flags & tcflag_t(ECHO) != 0 }
  public var isCanonical: Bool { flags & tcflag_t(ICANON) != 0 }

  private var flags: tcflag_t {
    var state = termios()
    return tcgetattr(master, &state) == 0 ? state.c_lflag : 0
  }
}
