import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodySystem
import CustodyValues

struct LogRecover: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recover",
    abstract: "Go on with a vault that is older than the one this machine verified, or has another record.",
    discussion:
      "An admin of both records writes so, with an entry that names what is lost. Another member's machine follows such an entry where it names just what that machine verified; with --covers an admin records one for a machine that verified something else. Where no admin of both is left, a member types the genesis and goes on for their own machine alone."
  )

  @OptionGroup var options: GlobalOptions
  @Option(help: "What happened, in a few words; every member can read it. Needed where an entry is left.")
  var reason: String?
  @Option(
    help: ArgumentHelp(
      "The last state seen on another machine: the file of \"custody log checkpoint --pinned\" there.",
      valueName: "file"),
    completion: .file())
  var covers: String?
  @Option(
    help: ArgumentHelp(
      "Hash of the log's first entry, where no admin is left and there is no terminal to type it on.", valueName: "hash"
    ))
  var genesis: String?

  func run() throws {
    let note = try covers.map { try CheckpointFile.read($0).note }
    let session = try options.unlock()
    let plan = try session.recoveryPlan(covering: note)
    let recovery = try session.recover(by: plan, reason: reason, genesis: agree(to: plan))
    try tell(recovery, session.origin)
  }

  /// Shows what is lost and on whose authority the vault goes on, then asks. Returns the genesis, if that was typed for
  /// confirmation.
  private func agree(to plan: RecoveryPlan) throws -> Digest? {
    let lines = plan.text.map(PrintableText.escape)
    switch plan.way {
    case .finished: return nil
    case .record:
      guard reason != nil else {
        throw VaultError(
          .usage, "an entry that every member reads needs a reason",
          hint: "say what happened: --reason \"the disk died\"")
      }
      try options.confirm(lines, question: plan.lost.pinned == nil ? "Cover that?" : "Go on with this one?")
      return nil
    case .follow(let recovery):
      try options.confirm(lines, question: "Go on with this one, as \(recovery.name) did?")
      return nil
    case .alone:
      lines.forEach(Console.warn)
      return try typedGenesis()
    }
  }

  /// The genesis, from --genesis or typed by the person; `--yes` does not replace it.
  private func typedGenesis() throws -> Digest? {
    if let genesis { return try LogVerify.digest(genesis) }
    guard !options.asksNothing, let terminal = try? Terminal() else { return nil }
    return try LogVerify.digest(terminal.promptVisible("Genesis of the vault (base64, or 64 hex digits): "))
  }

  private func tell(_ recovery: Recovery, _ origin: String) throws {
    switch recovery {
    case .recorded(let position):
      try options.done(
        .logRecover, origin,
        covers == nil
          ? "gone on; log entry \(position) says so"
          : "log entry \(position) covers it: whoever verified that can now run \"custody log recover\"",
        ["index": .integer(position)])
    case .finished(let entry):
      try options.done(
        .logRecover, origin, "gone on; your log entry \(entry.position) says so already",
        ["index": .integer(entry.position)])
    case .followed(let entry):
      try options.done(
        .logRecover, origin,
        "gone on, as \(entry.name) did at \(entry.time.text): \(PrintableText.escape(entry.reason))",
        ["admin": .string(entry.name), "index": .integer(entry.position)])
    case .alone:
      try options.done(
        .logRecover, origin, "gone on, on this machine alone; no log entry says so", ["alone": .bool(true)])
    }
  }
}
