import CustodyTesting
import Foundation

/// A command on its own terminal, driven by a script.
final class TerminalSession {
  let terminal = PseudoTerminal()
  let child: Child
  let wish: ScriptRun.Wish
  private var read = 0

  init(_ words: [String], in place: Child.Place, wish: ScriptRun.Wish) throws {
    self.wish = wish
    child = try Child(words, in: place, terminal: terminal.path)
  }

  /// The screen, with plain line ends.
  var screen: String { terminal.screen.replacing("\r\n", with: "\n") }

  /// Waits until the text appears after the text that was awaited before.
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
      // A command's last output may appear only after its end.
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
