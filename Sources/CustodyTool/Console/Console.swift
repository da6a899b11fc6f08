import Custody
import CustodySystem
import CustodyValues
import Synchronization

/// Standard output carries what was asked for and nothing else; all talk goes to standard error.
enum Console {
  /// What the global options say about talk; set once, when they are read.
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

  /// A line of talk. Whoever can't be told (a closed standard error) is not a reason to fail.
  static func say(_ text: String) {
    guard !isQuiet, !readerHasGone else { return }
    warn(text)
  }

  /// What the person must see before they decide, also under --quiet.
  static func warn(_ text: String) { ProgressLine.aside { try? Output.write(text + "\n", to: 2) } }

  static func print(_ text: String) throws { try print(Array((text + "\n").utf8)) }

  static func print(_ bytes: [UInt8]) throws {
    try writing { try ProgressLine.aside(isTerminal) { try Output.write(bytes, to: 1) } }
  }

  /// A reader who has gone (`| head -1`) wanted no more, which is no error: the rest is dropped in silence, the command
  /// finishes what it does to the vault, and its status tells. A full disk, or any other reason, is an error.
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
  /// What a shell says of a program that SIGPIPE ended. A command that failed ends with its own status all the same.
  static let readerHasGoneStatus: Int32 = 141

  static let isTerminal = Output.isTerminal(1)

  /// A word that stands out, where standard error shows colours.
  static func alarming(_ word: String) -> String {
    let shown =
      switch manner.color {
      case .always: true
      case .never: false
      case .auto: Output.isTerminal(2) && Environment.value("NO_COLOR") == nil && Environment.value("TERM") != "dumb"
      }
    return shown ? "\u{1b}[1;31m\(word)\u{1b}[0m" : word
  }

  /// For what takes longer than a moment: shown on a terminal, and gone when it is done.
  static func during<R: ~Copyable>(_ what: String, _ body: () throws -> R) rethrows -> R {
    ProgressLine.begin(what)
    defer { ProgressLine.end() }
    return try body()
  }

  /// As `during`, for what can say how far it is.
  static func counting<R: ~Copyable>(_ what: String, _ body: (@escaping ProgressReport) throws -> R) rethrows -> R {
    ProgressLine.begin(what)
    defer { ProgressLine.end() }
    return try body(ProgressLine.count)
  }
}
