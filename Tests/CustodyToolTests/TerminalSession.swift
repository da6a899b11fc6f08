import CustodyTesting
import Foundation

/// A command with a terminal of its own, and a script in front of it.
final class TerminalSession {
  let terminal = PseudoTerminal()
  let child: Child
  let wish: ScriptRun.Wish
  private var read = 0

  init(_ words: [String], in place: Child.Place, wish: ScriptRun.Wish) throws {
    self.wish = wish
    child = try Child(words, in: place, terminal: terminal.path)
  }

  /// What showed, with the terminal's line ends made plain.
  var screen: String { terminal.screen.replacing("\r\n", with: "\n") }

  /// Waits until the text shows behind what was waited for before.
  func expect(_ text: String, seconds: TimeInterval) throws {
    let deadline = Date().addingTimeInterval(seconds)
    while true {
      let shown = [UInt8](screen.utf8)
      if let end = shown[min(read, shown.count)...].firstRange(of: [UInt8](text.utf8))?.upperBound {
        read = end
        return
      }
      let hasEnded = child.poll() != nil
      terminal.drain(milliseconds: 50)
      // What a command wrote last may show only after its end.
      guard !hasEnded || screen.utf8.count > shown.count else {
        throw Child.Failed(reason: "\"\(text)\" did not show before the command ended")
      }
      guard Date() < deadline else { throw Child.Failed(reason: "\"\(text)\" did not show in time") }
    }
  }

  func finish(seconds: TimeInterval) throws -> Child.End {
    let deadline = Date().addingTimeInterval(seconds)
    while child.poll() == nil, Date() < deadline { terminal.drain(milliseconds: 20) }
    terminal.drain(milliseconds: 20)
    return try child.wait(until: deadline)
  }
}
