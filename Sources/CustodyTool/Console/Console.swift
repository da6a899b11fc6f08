import Custody
import CustodySystem
import CustodyValues
import Synchronization

/// Output to people and programs. Standard output carries results and nothing else; all messages go to standard error.
enum Console {
  /// The global options on messages, set once when the command line is parsed.
  struct Manner {
    var isQuiet = false
    var isJSON = ProcessArguments.all.prefix { $0 != "--" }.contains("--json")
    var color = ColorChoice.auto
  }
  private static let current = Mutex(Manner())
  static var manner: Manner {
    get { current.withLock { $0 } }
    set { current.withLock { $0 = newValue } }
  }
  private static var isQuiet: Bool { manner.isQuiet }

  /// Prints a message. A closed standard error is not a failure.
  static func say(_ text: String) {
    guard !isQuiet, !readerHasGone else { return }
    warn(text)
  }

  /// Prints a message that is shown also with --quiet, such as what a person must know before they decide.
  static func warn(_ text: String) { ProgressLine.aside { try? Output.write(text + "\n", to: 2) } }

  static func print(_ text: String) throws { try print(Array((text + "\n").utf8)) }

  static func print(_ bytes: [UInt8]) throws {
    try writing { try ProgressLine.aside(isTerminal) { try Output.write(bytes, to: 1) } }
  }

  /// Runs `body`, which writes output. A closed pipe (`| head -1`) is no error: the rest of the output is dropped, the
  /// command completes its work on the vault, and the exit status tells. A full disk, or any other failure, is an
  /// error.
  static func writing(to place: String = "standard output", _ body: () throws -> Void) throws {
    do { try body() } catch let error as SystemError {
      guard !error.isClosedPipe else { return gone.store(true, ordering: .relaxed) }
      throw VaultError(
        error.isNoSpace ? .diskFull : .failed, "cannot write to \(place): \(error.text)",
        hint: "check where the output goes, and run the command again")
    }
  }

  private static let gone = Atomic(false)
  static var readerHasGone: Bool { gone.load(ordering: .relaxed) }
  /// The exit status that shells report for a program ended by SIGPIPE. A command that failed keeps its own status.
  static let readerHasGoneStatus: Int32 = 141

  static let isTerminal = Output.isTerminal(1)

  /// A word in red, if standard error shows colours.
  static func alarming(_ word: String) -> String {
    let shown =
      switch manner.color {
      case .always: true
      case .never: false
      case .auto: Output.isTerminal(2) && Environment.value("NO_COLOR") == nil && Environment.value("TERM") != "dumb"
      }
    return shown ? "\u{1b}[1;31m\(word)\u{1b}[0m" : word
  }

  /// Shows a progress line on the terminal while `body` runs.
  static func during<R: ~Copyable>(_ what: String, _ body: () throws -> R) rethrows -> R {
    ProgressLine.begin(what)
    defer { ProgressLine.end() }
    return try body()
  }

  /// Shows a progress bar on the terminal while `body` runs and reports its progress.
  static func counting<R: ~Copyable>(_ what: String, _ body: (@escaping ProgressReport) throws -> R) rethrows -> R {
    ProgressLine.begin(what)
    defer { ProgressLine.end() }
    return try body(ProgressLine.count)
  }
}
