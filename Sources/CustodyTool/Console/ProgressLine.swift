import Custody
import CustodySystem
import CustodyValues
import Synchronization

/// A progress line on the terminal behind standard error. A thread of its own draws it, so that work that waits or
/// can't count also shows signs of life. It is erased before anything else is printed.
enum ProgressLine {
  private struct Line {
    let number: Int
    let what: String
    var (done, total): (UInt64, UInt64) = (0, 0)
    /// The text that is on the terminal now.
    var shown = ""

    init(_ number: Int, _ what: String) { (self.number, self.what) = (number, what) }
  }

  private struct State {
    var count = 0
    var line: Line?
  }

  /// Time before the line appears; quicker work shows none.
  private static let patience = Duration.milliseconds(300)
  private static let pace = Duration.milliseconds(100)
  private static let state = Mutex(State())

  static func begin(_ what: String) {
    guard isWanted else { return }
    let number = state.withLock { state in
      state.count += 1
      state.line = Line(state.count, what)
      return state.count
    }
    // If the thread can't start there is no line, and the work goes on.
    _ = DetachedThread.start {
      Wait.sleep(patience)
      while draw(number) { Wait.sleep(pace) }
    }
  }

  static func count(_ done: UInt64, _ total: UInt64) {
    state.withLock { state in
      // Several threads count, and the bar must not go back.
      guard let line = state.line, done > line.done || total != line.total else { return }
      state.line?.done = done
      state.line?.total = total
    }
  }

  static func end() {
    state.withLock { state in
      erase(&state)
      state.line = nil
    }
  }

  /// Erases the line while something else is printed; the next draw brings it back below.
  static func aside<R>(_ needsRoom: Bool = true, _ body: () throws -> R) rethrows -> R {
    guard needsRoom else { return try body() }
    return try state.withLock { state in
      erase(&state)
      return try body()
    }
  }

  private static func erase(_ state: inout State) {
    guard state.line?.shown.isEmpty == false else { return }
    state.line?.shown = ""
    guard Output.isForeground(2) else { return }
    try? Output.write("\r\u{1b}[K", to: 2)
  }

  /// Draws the line; false once its work is done. In the background it draws nothing over the program in front.
  private static func draw(_ number: Int) -> Bool {
    state.withLock { state in
      guard let line = state.line, line.number == number else { return false }
      guard Output.isForeground(2) else { return true }
      let text = ProgressText.of(line.what, line.done, line.total, columns: Output.columns(of: 2) ?? 80)
      guard text != line.shown else { return true }
      state.line?.shown = text
      try? Output.write("\r\(text)\u{1b}[K", to: 2)
      return true
    }
  }

  /// True if a person watches: not with --quiet or --json, and on a terminal that can erase.
  private static var isWanted: Bool {
    let manner = Console.manner
    return !manner.isQuiet && !manner.isJSON && Output.isTerminal(2) && Environment.value("TERM") != "dumb"
  }
}

/// The text of the line, at least one column narrower than the terminal: a full line would wrap, and the wrapped part
/// is not erased.
enum ProgressText {
  private static let (least, most) = (8, 40)

  static func of(_ what: String, _ done: UInt64, _ total: UInt64, columns: Int) -> String {
    let room = max(columns - 1, 0)
    guard total > 0 else { return String("\(what) …".prefix(room)) }
    let part = min(Double(done) / Double(total), 1)
    let percent = Int(part * 100)
    let figure = String(repeating: " ", count: percent < 10 ? 2 : percent < 100 ? 1 : 0) + "\(percent) %"
    let length = min(room - what.count - figure.count - 6, most)
    guard length >= least else { return String("\(what) \(percent) %".prefix(room)) }
    let full = Int(part * Double(length))
    let bar = String(repeating: "#", count: full) + String(repeating: ".", count: length - full)
    return "\(what)  [\(bar)]  \(figure)"
  }
}
