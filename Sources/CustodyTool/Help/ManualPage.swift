import Custody
import CustodySystem
import CustodyValues

/// The manual page of one command, made from the parser's description and the tool's own tables.
struct ManualPage {
  private let command: CommandShape
  private let tool: CommandShape
  private let globals: Set<String>
  private var page = Mdoc()

  static func name(_ path: [String]) -> String { path.joined(separator: "-") }

  static func text(of command: CommandShape, in tool: CommandShape) throws -> String {
    var page = ManualPage(
      command: command, tool: tool, globals: Set(try CommandShape(of: GlobalOptions.self).optionNames))
    page.write()
    return page.page.text
  }

  private init(command: CommandShape, tool: CommandShape, globals: Set<String>) {
    (self.command, self.tool, self.globals) = (command, tool, globals)
  }

  private var isTool: Bool { command.path.count == 1 }
  private var usesVault: Bool { command.optionNames.contains("--vault") }
  private var own: [CommandShape.Argument] { command.arguments.filter { !isGlobal($0) } }
  private var shared: [CommandShape.Argument] {
    (isTool ? tool.children.first?.arguments ?? [] : command.arguments).filter(isGlobal)
  }

  /// True for options of every command, `--help` and `--version` included.
  private func isGlobal(_ argument: CommandShape.Argument) -> Bool {
    argument.names.contains { globals.contains($0) || $0 == "--help" || $0 == "--version" }
  }

  private mutating func write() {
    page.raw(".\\\" Made by \"custody help --manual\" from custody's own parser: change the source, not this.")
    page.raw(".Dd \(Self.date)")
    page.macro("Dt", Self.name(command.path).uppercased(), "1")
    page.macro("Os", "Custody", Release.version)
    // No hyphenation: commands and paths must be typed as they stand.
    page.raw(".nh")
    page.section("NAME")
    page.macro("Nm", Self.name(command.path))
    page.macro("Nd", Self.phrase(command.about))
    synopsis()
    description()
    if !own.isEmpty || !shared.isEmpty { options() }
    environment()
    if isTool { files() }
    exitStatus()
    examples()
    seeAlso()
    if isTool { topics() }
  }

  // MARK: sections

  private mutating func synopsis() {
    page.section("SYNOPSIS")
    page.macro("Nm", command.typed)
    guard command.children.isEmpty else {
      page.raw(".Ar command")
      return page.raw(".Op Ar option ...")
    }
    for option in own where option.kind != .positional {
      let shown = Mdoc.option(option)
      let more = option.isRepeating ? " ..." : ""
      page.raw(option.isOptional ? ".Op \(shown)\(more)" : ".\(shown)\(more)")
    }
    if !shared.isEmpty { page.raw(".Op Ar option ...") }
    for argument in own where argument.kind == .positional {
      let more = argument.isRepeating ? " ..." : ""
      let shown = "Ar \(Mdoc.word(argument.value))\(more)"
      page.raw(argument.isOptional ? ".Op \(shown)" : ".\(shown)")
    }
  }

  private mutating func description() {
    page.section("DESCRIPTION")
    page.prose(command.about)
    if !command.discussion.isEmpty {
      page.raw(".Pp")
      page.prose(command.discussion)
    }
    let shown = command.children.filter(\.isShown)
    guard !shown.isEmpty else { return }
    page.raw(".Pp")
    page.prose("Each command has a page of its own, such as \(Self.name(shown[0].path))(1):")
    page.list(shown.map { ("Cm \(Mdoc.word($0.name))", $0.about) })
  }

  private mutating func options() {
    page.section("OPTIONS")
    page.list(own.map(Self.item))
    guard !shared.isEmpty else { return }
    if !own.isEmpty || isTool {
      if !own.isEmpty { page.raw(".Pp") }
      page.prose(isTool ? "Every command that has to do with a vault takes:" : "And, as other commands:")
    }
    page.list(shared.map(Self.item))
  }

  private static func item(_ argument: CommandShape.Argument) -> (head: String, text: String) {
    let head = argument.kind == .positional ? "Ar \(Mdoc.word(argument.value))" : Mdoc.option(argument)
    var text = argument.about
    if !argument.choices.allSatisfy({ text.contains($0) }) {
      text += " One of: \(argument.choices.joined(separator: ", "))."
    }
    if let standard = argument.standard { text += " Default: \(standard)." }
    if argument.kind == .positional, argument.isRepeating { text += " More than one may be given." }
    return (head, text)
  }

  private mutating func environment() {
    guard isTool || usesVault else { return }
    page.section("ENVIRONMENT")
    let some = EnvironmentVariable.all.filter { isTool || $0.name.hasPrefix("CUSTODY_") || $0.name == "NO_COLOR" }
    page.list(some.map { ("Ev \(Mdoc.word($0.name))", $0.meaning) })
    if !isTool { page.raw(".Pp\n.Xr custody 1\nlists all.") }
  }

  private mutating func files() {
    page.section("FILES")
    page.list([
      ("Pa ~/.local/share/custody/vault.db", "The vault, where nobody names another. 0600, in a folder of 0700."),
      ("Pa ~/.local/state/custody/", "Which members live on this machine, and the newest checkpoint that it verified."),
      ("Pa ~/.config/custody/providers/", "Presets that were added by \"custody provider add\"."),
      ("Pa $XDG_RUNTIME_DIR/custody/", "The agent's socket."),
    ])
  }

  private mutating func exitStatus() {
    page.section("EXIT STATUS")
    let runsPrograms = isTool || command.name == "exec"
    let some = ExitMeaning.all.filter { runsPrograms || ![126, 127].contains($0.status) }
    page.list(some.map { ("\($0.status)", Self.sentence($0.words)) })
  }

  private mutating func examples() {
    let some = Example.all.filter { $0.words.starts(with: command.path) && (isTool ? $0.isOfTheTool : true) }
    guard !some.isEmpty, isTool || command.children.isEmpty else { return }
    page.section("EXAMPLES")
    for (number, example) in some.enumerated() {
      if number > 0 { page.raw(".Pp") }
      page.prose(example.why)
      page.raw(".Bd -literal -offset indent")
      page.raw(Mdoc.literal(example.typed))
      page.raw(".Ed")
    }
  }

  private mutating func seeAlso() {
    page.section("SEE ALSO")
    let parent = tool.shown.first { $0.path == command.path.dropLast() }
    let siblings = parent.map { $0.path.count > 1 ? $0.children : [] } ?? []
    let near = ((parent.map { [$0] } ?? []) + siblings + command.children).filter(\.isShown)
    let names = Set(near.filter { $0.path != command.path }.map { Self.name($0.path) }).union(isTool ? [] : ["custody"])
    let sorted = names.sorted()
    for name in sorted { page.raw(".Xr \(Mdoc.word(name)) 1\(name == sorted.last ? "" : " ,")") }
  }

  private mutating func topics() {
    for (title, topic) in [("FORMATS", HelpTopic.formats), ("SECURITY CONSIDERATIONS", .security)] {
      page.section(title)
      for (number, piece) in topic.pieces.enumerated() {
        if let term = piece.term {
          page.list([("Sy \(Mdoc.word(term))", piece.text)])
        } else {
          if number > 0 { page.raw(".Pp") }
          page.prose(piece.text)
        }
      }
    }
  }

  // MARK: words

  /// The description of a page's NAME line: no capital and no full stop.
  private static func phrase(_ about: String) -> String {
    let words = about.hasSuffix(".") ? about.dropLast() : about[...]
    let isName = words.dropFirst().first?.isUppercase == true || words.hasPrefix("Custody")
    return isName ? String(words) : words.prefix(1).lowercased() + words.dropFirst()
  }

  private static func sentence(_ words: String) -> String { words.prefix(1).uppercased() + words.dropFirst() + "." }

  /// The page's date: `SOURCE_DATE_EPOCH` if it is set, for reproducible installs; otherwise today.
  private static var date: String {
    let epoch = Environment.value("SOURCE_DATE_EPOCH").flatMap { Int64($0) }
    let day = (epoch.map { Timestamp(milliseconds: $0.multipliedReportingOverflow(by: 1000).partialValue) } ?? .now())
      .text.prefix(10).split(separator: "-")
    let months = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December",
    ]
    return "\(months[(Int(day[1]) ?? 1) - 1]) \(Int(day[2]) ?? 1), \(day[0])"
  }
}
