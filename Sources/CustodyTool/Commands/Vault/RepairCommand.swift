import ArgumentParser
import Custody
import CustodyAgent
import CustodyJSON
import CustodyLog
import CustodySystem
import CustodyValues

struct RepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Take out of a damaged vault what its log does not have, and put back what it names.",
    discussion: """
      For an admin. It shows what it would do, and asks. Rows that are taken out go into a new file beside the vault, \
      PATH.quarantine-TIME. Rows are taken back from an older copy of the vault with --from: the copy need not be trusted, \
      as the log has their hashes. Nothing is cut that a member's checkpoint covers, but with --cut, which is a recovery: \
      the other members' machines follow with "custody log recover".
      """)

  @OptionGroup var options: GlobalOptions
  @Option(
    help: ArgumentHelp("Take rows back from this copy of the vault.", valueName: "copy"), completion: .file())
  var from: String?
  @Flag(help: "Go on without entries that members' checkpoints cover, and that are in no copy.")
  var cut = false
  @Option(help: "With --cut: what happened, in a few words; every member can read it.")
  var reason: String?

  func run() throws {
    try checkArguments()
    let path = try options.vaultPath()
    let damaged = try DamagedVault.open(at: path, from: from)
    let who = try Identified(damaged, options)
    let repair = try unlock(damaged, who, at: path)
    let plan = try Console.during("reading every row") { try repair.plan() }
    guard !plan.isNothing else {
      try repair.settle()
      return try tellNothing(plan, who)
    }
    let lines = plan.text.map(PrintableText.escape)
    if !plan.covers.isEmpty, !cut { lines.forEach(Console.warn) }
    try repair.check(plan, cut: cut ? reason : nil)
    try options.confirm(lines, question: cut ? "Cut that, and go on?" : "Repair it?")
    let done = try Console.during("repairing") { try repair.carryOut(plan, cut: cut ? reason : nil) }
    try tell(done, plan, who)
  }

  private func checkArguments() throws {
    guard cut == (reason != nil) else {
      throw VaultError(
        .usage, cut ? "a cut is told to every member, and needs a reason" : "--reason goes with --cut",
        hint: cut ? "say what happened: --reason \"the disk died\"" : "leave --reason out")
    }
  }

  /// Unlocks with the agent if it holds the member's keys, otherwise by their credential.
  private func unlock(_ damaged: DamagedVault, _ who: Identified, at path: String) throws -> Repair {
    let pins = PinFolder(path: try Folders.state())
    if let genesis = who.genesis {
      let name = IdentityName(vault: who.vault, genesis: genesis, member: who.member)
      if let holder = try options.agentHolder(name, at: path, unwrapping: []) {
        return try damaged.unlock(as: who.member, of: who.vault, with: holder, genesis: genesis, pins: pins)
      }
    }
    let factors = try damaged.protection(of: who.member).factors
    let credential = try options.credential(factors, of: who.member, in: who.vault)
    return try Console.during("unlocking") {
      try damaged.unlock(as: who.member, of: who.vault, by: credential, genesis: who.genesis, pins: pins)
    }
  }

  // MARK: What is said

  private func tellNothing(_ plan: RepairPlan, _ who: Identified) throws {
    guard plan.lost.isEmpty else {
      throw VaultError(
        .integrity, "cannot repair: of what the log names, \(plan.lost[0].what) is in no row",
        hint: hint(for: plan.lost[0]))
    }
    var more = plan.json
    more["taken_out"] = 0
    more["restored"] = 0
    try options.done(.vaultRepair, who.vault.hex, "there is nothing to repair", more)
  }

  private func hint(for lost: RepairPlan.Loss) -> Hint {
    if lost.table == "key_wrap" {
      return
        "take it back from another copy; without one, an admin who can unlock has new keys wrapped for everybody by giving "
        + "a member another role and the old one again: \"custody member role NAME ROLE\""
    }
    return from == nil
      ? "take it back from an older copy of the vault: \"custody repair --from COPY\""
      : "try another copy; a value that is lost is replaced with \"rotate\""
  }

  private func tell(_ done: RepairResult, _ plan: RepairPlan, _ who: Identified) throws {
    var more = plan.json
    more["index"] = .integer(done.position)
    more["taken_out"] = .integer(UInt64(done.takenOut))
    more["restored"] = .integer(UInt64(done.restored))
    if let quarantine = done.quarantine { more["quarantine"] = .string(quarantine) }
    if let sha256 = done.quarantineSHA256 {
      more["quarantine_sha256"] = .string(sha256.hex)
    }
    let out = done.quarantine.map { ", taken out: \(done.takenOut), into \(PrintableText.escape($0))" } ?? ""
    try options.done(
      .vaultRepair, who.vault.hex, "rows put back: \(done.restored)\(out); log entry \(done.position) says so", more)
    if !plan.lost.isEmpty, !options.json {
      Console.warn("warning: rows that the log names and that are lost: \(plan.lost.count); another copy may have them")
    }
  }
}

/// The vault's ID, found also if its own row is lost, and the member who repairs it.
private struct Identified {
  let vault: Identifier
  let member: Identifier
  let genesis: Digest?

  init(_ damaged: DamagedVault, _ options: GlobalOptions) throws {
    let named = try damaged.ids
    let geneses = try damaged.geneses
    let known = try (named + Self.remembered()).first { id in
      try LocalState(vault: id).members.contains { named.contains(id) || geneses.contains($0.genesis) }
    }
    guard let vault = known ?? named.first else {
      throw VaultError(
        .integrity, "cannot tell which vault this is: its own row is missing, and this machine remembers none like it",
        hint: "take the row from an older copy of the vault: \"custody repair --from COPY\"")
    }
    self.vault = vault
    (member, genesis) = try LocalState(vault: vault).member(options.member)
  }

  private static func remembered() throws -> [Identifier] {
    let names = (try? Folder.names(in: Folders.state())) ?? []
    return names.filter { $0.hasSuffix(".members") }.compactMap { Identifier(hex: $0.dropLast(8).utf8) }
  }
}
