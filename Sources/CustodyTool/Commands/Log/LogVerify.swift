import CustodyEvidence
import ArgumentParser
import Custody
import CustodyJSON
import CustodyLog
import CustodySystem
import CustodyValues

struct LogVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Every entry, signature, tree node and checkpoint, and every row against them; needs no secret.",
    discussion:
      "Reads what this machine has not verified before, and every row. Three verdicts: integrity, attribution, completeness. With --bundle it needs no vault and no key; else it leaves an entry of its own, and says where the vault could not take it."
  )

  @OptionGroup var options: GlobalOptions
  @Flag(help: "Check every signature again, also those that this machine has checked before.") var full = false
  @Option(
    help: ArgumentHelp(
      "A bundle's folder, .tar, .tgz or .zip, a JSON Lines export or an HTML report, in place of a vault.",
      valueName: "path"),
    completion: .file())
  var bundle: String?
  @Option(
    help: ArgumentHelp("With --bundle: a checkpoint that you have from elsewhere.", valueName: "path"),
    completion: .file())
  var checkpoint: String?
  @Option(help: ArgumentHelp("With --bundle: the leaf hash of the first entry, in hex or base64.", valueName: "hash"))
  var genesis: String?

  func run() throws {
    guard let bundle else {
      guard checkpoint == nil, genesis == nil else {
        throw VaultError(
          .usage, "a vault is held against what this machine remembers of it", hint: "name a bundle with --bundle PATH")
      }
      return try verifyVault()
    }
    let report = try VerdictReport.failing(json: options.json) {
      var expectation = Expectation()
      expectation.checkpoint = try checkpoint.map(CheckpointFile.read).map(\.checkpoint)
      expectation.genesis = try genesis.map(Self.digest)
      return try Console.counting("verifying") { progress in
        do throws(EvidenceError) {
          return try Evidence.verify(at: bundle, expecting: expectation, progress: progress)
        } catch { throw VaultError(error) }
      }
    }
    try report.print(json: options.json)
  }

  private func verifyVault() throws {
    let verified = try VerdictReport.failing(json: options.json) {
      let session = try options.unlock()
      return try Console.counting("verifying") { progress in
        try session.verifyLog(full ? .everything : .sinceLast, progress: progress)
      }
    }
    try verified.print(json: options.json)
  }

  static func digest(_ typed: String) throws -> Digest {
    guard let digest = Digest(typed: typed) else {
      throw VaultError(
        .usage, "a hash is 64 hex digits, or 44 characters of base64", subject: nil, hint: "see \"custody status\"")
    }
    return digest
  }
}

/// Reads a checkpoint's note from a file, or a request to cosign one.
enum CheckpointFile {
  static func read(_ path: String) throws -> CheckpointRequest.Shown {
    guard let bytes = try PlainFile.read(path, limit: SignedNote.limit) else {
      throw VaultError(.notFound, "there is no file \"\(PrintableText.escape(path))\"", subject: path)
    }
    guard let shown = CheckpointRequest.Shown(bytes) else {
      throw VaultError(
        .badInput, "\"\(PrintableText.escape(path))\" is no checkpoint", subject: path,
        hint: "make one: \"custody log checkpoint\"")
    }
    return shown
  }
}

extension EvidenceReport {
  /// The sentence on a report's page. Its lines were verified, but not the page that shows them.
  private static func page(_ isKnown: Bool) -> String {
    isKnown
      ? "its lines were verified; the page around them is what this version writes"
      : "its lines were verified; the page around them is not what this version writes (another version's, or changed): believe this verdict, and not what the page shows"
  }

  func print(json: Bool) throws {
    var particulars = Particulars()
    VerdictReport.add(verdicts, to: &particulars)
    particulars.add("log", checkpoint.origin)
    particulars.add("size", .integer(checkpoint.size))
    particulars.add("entries", .integer(entries))
    VerdictReport.add(voids, to: &particulars)
    particulars.add("covers", scope.map { "a part: \($0.text)" } ?? "the whole log")
    particulars.add("names", provesNames ? "proved by the metadata that is disclosed" : "none is disclosed")
    if let isPageKnown { particulars.add("page", Self.page(isPageKnown)) }
    if let genesis { particulars.add("genesis", genesis.text) }
    particulars.add("genesis_compared", .bool(isGenesisKnown))
    particulars.add("root", checkpoint.root.text)
    particulars.add("signer", signer)
    particulars.add("cosigners", .array(cosigners.map { .string("\($0.name) at \($0.time.text)") }))
    if !backdated.isEmpty { particulars.add("backdated", .array(backdated.prefix(100).map { .integer($0) })) }
    try particulars.print(json: json)
    if let contradiction = verdicts.contradiction {
      throw VaultError(
        .integrity, contradiction, hint: "ask who gave it to you for the newest log, and compare with another member's")
    }
    if !json { sayWhatIsOpen() }
    if let undecided = verdicts.undecided {
      throw VaultError(
        .badInput, "cannot tell \(undecided)",
        hint: "ask for the whole log, newest entries included: \"custody log export --format bundle --output PATH\"")
    }
  }

  /// Prints what the verdicts leave open, for people.
  private func sayWhatIsOpen() {
    VerdictReport.say(voids)
    if let scope {
      Console.say(
        "that nothing within its scope was left out is the word of \(scope.exporter), who signed it, and may have left since"
      )
    }
    if !isGenesisKnown {
      Console.say(
        "any vault could have made this: compare its genesis with one that you have from elsewhere, or give that as --genesis"
      )
    }
  }
}
