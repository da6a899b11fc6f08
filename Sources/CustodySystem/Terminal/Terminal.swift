package import CustodySecrets
package import CustodyValues
internal import CUnix
internal import Glibc

package enum TerminalError: Error, Equatable, Sendable {
  /// This process has no terminal.
  case absent
  /// The person pressed Ctrl-D, or the terminal went away.
  case cancelled
  case tooLong
  case containsNUL
  /// A visible answer was not UTF-8.
  case notText
  case outOfMemory
  case failed(SystemError)
}

/// Asks the person at the keyboard, on `/dev/tty`, so that standard input and output stay free for values.
///
/// Labels and questions are written as they are. A caller that puts names into them escapes them with
/// `PrintableText`.
package struct Terminal: ~Copyable {
  private let descriptor: Int32

  package init(path: String = "/dev/tty") throws(TerminalError) {
    let opened = unsafe path.withCString { unsafe cunix_open($0, O_RDWR | O_CLOEXEC | O_NOCTTY, 0) }
    guard opened >= 0 else { throw .absent }
    guard isatty(opened) == 1 else {
      close(opened)
      throw .absent
    }
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// Reads one line without showing it, and without its end. Anything typed before the prompt is dropped, and so is
  /// what a paste has after its first line. A process can have one hidden prompt open at a time.
  package borrowing func promptHidden(_ label: String, limit: Int) throws(TerminalError) -> SecureBytes {
    var line: HiddenLine
    do { line = try HiddenLine(limit: limit) } catch { throw .outOfMemory }
    let code = unsafe label.withCString { unsafe cunix_terminal_hide(descriptor, $0) }
    guard code == 0 else { throw .failed(SystemError(code: code)) }
    defer {
      cunix_terminal_show()
      // The Enter that ended the line was not echoed.
      try? Output.write("\n", to: descriptor)
    }
    while let byte = try nextByte() {
      switch line.take(byte) {
      case .more: continue
      case .cancelled: throw .cancelled
      case .done: return try line.finish()
      }
    }
    throw .cancelled
  }

  /// Reads one line of text, which shows as it is typed.
  package borrowing func promptVisible(_ label: String, limit: Int = 1024) throws(TerminalError) -> String {
    try say(label)
    var line: [UInt8] = []
    while let byte = try nextByte() {
      guard byte != 0x0A else { return try text(line, limit: limit) }
      if line.count <= limit { line.append(byte) }
    }
    throw .cancelled
  }

  /// Asks a yes-or-no question. True for `y` or `yes`; anything else is no, also Ctrl-D. An answer typed before the
  /// question does not count.
  package borrowing func confirm(_ question: String) throws(TerminalError) -> Bool {
    tcflush(descriptor, TCIFLUSH)
    do {
      return ["y", "yes"].contains(try promptVisible(question + " [y/N] ").lowercased())
    } catch .cancelled {
      try say("\n")
      return false
    } catch .failed(let error) {
      throw .failed(error)
    } catch {
      return false
    }
  }

  package borrowing func say(_ text: String) throws(TerminalError) {
    do { try Output.write(text, to: descriptor) } catch { throw .failed(error) }
  }

  /// Writes a secret to the terminal itself, wherever standard output and error lead.
  package borrowing func show(_ secret: borrowing SecureBytes) throws(TerminalError) {
    do { try Output.write(secret, to: descriptor) } catch { throw .failed(error) }
  }

  private borrowing func text(_ line: [UInt8], limit: Int) throws(TerminalError) -> String {
    guard line.count <= limit else { throw .tooLong }
    guard !line.contains(0) else { throw .containsNUL }
    guard let text = String(validating: line, as: UTF8.self) else { throw .notText }
    return text
  }

  /// Reads one byte at a time, so that input behind the line's end stays for the next reader. Nil if the terminal is
  /// gone.
  private borrowing func nextByte() throws(TerminalError) -> UInt8? {
    var byte: UInt8 = 0
    while true {
      switch unsafe read(descriptor, &byte, 1) {
      case 1: return byte
      case 0: return nil
      default: if errno != EINTR { throw .failed(.last) }
      }
    }
  }
}
