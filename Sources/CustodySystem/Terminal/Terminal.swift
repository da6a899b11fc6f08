package import CustodySecrets
package import CustodyValues
internal import CUnix
internal import Glibc

package enum TerminalError: Error, Equatable, Sendable {
  /// There is no terminal to ask on.
  case absent
  /// Ctrl-D, or the terminal went away.
  case cancelled
  case tooLong
  case containsNUL
  /// A visible answer was not UTF-8.
  case notText
  case outOfMemory
  case failed(SystemError)
}

/// The person at the keyboard, asked on `/dev/tty` so that standard input and output stay free for values.
///
/// Labels and questions are written as they are; a caller that puts names in them escapes them with `PrintableText`.
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

  /// One line that never shows, without its end. What was typed before the question is dropped, as is what a paste
  /// left behind its first line. One hidden prompt can be open in a process at a time.
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

  /// One line of text that shows as it is typed.
  package borrowing func promptVisible(_ label: String, limit: Int = 1024) throws(TerminalError) -> String {
    try say(label)
    var line: [UInt8] = []
    while let byte = try nextByte() {
      guard byte != 0x0A else { return try text(line, limit: limit) }
      if line.count <= limit { line.append(byte) }
    }
    throw .cancelled
  }

  /// Whether the answer is y or yes. Anything else is no, Ctrl-D too, and an answer typed before the question is no answer.
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

  /// On the screen and nowhere else: not where standard output or standard error lead.
  package borrowing func show(_ secret: borrowing SecureBytes) throws(TerminalError) {
    do { try Output.write(secret, to: descriptor) } catch { throw .failed(error) }
  }

  private borrowing func text(_ line: [UInt8], limit: Int) throws(TerminalError) -> String {
    guard line.count <= limit else { throw .tooLong }
    guard !line.contains(0) else { throw .containsNUL }
    guard let text = String(validating: line, as: UTF8.self) else { throw .notText }
    return text
  }

  /// One at a time, so that what follows the line's end stays for whoever asks next; nil where the terminal is gone.
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
