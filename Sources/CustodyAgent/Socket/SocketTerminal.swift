internal import CUnix
internal import CustodySystem
internal import CustodyValues
internal import Glibc

/// The terminal on which a person unlocked, as a descriptor that their command sent. It stays that terminal, and ends
/// when it is closed.
final class SocketTerminal {
  let descriptor: Int32

  init?(adopting descriptor: Int32) {
    guard isatty(descriptor) == 1 else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// This process's own terminal, to be sent to the agent.
  static func own() -> SocketTerminal? {
    let opened = unsafe "/dev/tty".withCString { unsafe cunix_open($0, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0) }
    return opened >= 0 ? SocketTerminal(adopting: opened) : nil
  }

  /// Makes reads and writes return at once. The sender may have opened the terminal otherwise, and the agent must not
  /// block.
  private func neverWait() { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }

  /// Asks a question, and drops all that was typed before. False if the terminal is gone.
  func ask(_ question: String) -> Bool {
    neverWait()
    guard tcflush(descriptor, TCIFLUSH) == 0 else { return false }
    return say("\n" + question + " [y/N] ")
  }

  func say(_ text: String) -> Bool { (try? Output.write(text, to: descriptor)) != nil }

  enum Answer { case yes, no, none }

  /// The answer typed so far; `none` while there is none.
  func answer() -> Answer {
    neverWait()
    var line = [UInt8](repeating: 0, count: 256)
    let got = unsafe read(descriptor, &line, line.count)
    if got < 0, errno == EAGAIN || errno == EINTR { return .none }
    guard got > 0 else { return .no }
    let word = String(decoding: line[..<got].filter { $0 > 0x20 }, as: UTF8.self).lowercased()
    return ["y", "yes"].contains(word) ? .yes : .no
  }
}
