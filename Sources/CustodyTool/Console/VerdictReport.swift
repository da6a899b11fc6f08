import CustodyEvidence
import Custody
import CustodyJSON
import CustodyLog
import CustodyValues

/// Prints the three verdicts of a verification.
enum VerdictReport {
  /// Runs a verification. If the log or a row fails, the verdicts are printed before the error is thrown.
  static func failing<R>(json: Bool, _ body: () throws -> R) throws -> R {
    do { return try body() } catch let error as VaultError where error.code == .integrity {
      let verdicts = error.fault.map { Verdicts($0) } ?? Verdicts(broken: error.reason, damage: error.damage)
      var particulars = Particulars()
      add(verdicts, to: &particulars)
      try particulars.print(json: json)
      throw error
    }
  }

  /// Adds the verdicts. `isPartial` means that entries verified earlier were not read again.
  static func add(_ verdicts: Verdicts, isPartial: Bool = false, to particulars: inout Particulars) {
    particulars.add("verdict", words(verdicts, isPartial))
    particulars.add("integrity", text(verdicts.integrity))
    particulars.add("attribution", text(verdicts.attribution))
    if let contradiction = verdicts.contradiction {
      particulars.add("completeness", "contradicted: \(contradiction)")
    } else if verdicts.completeness.isEmpty, verdicts.undecided == nil {
      particulars.add("completeness", "nobody vouches for the end: compare size and root with another member's")
    } else {
      let open = verdicts.undecided.map { "cannot tell \($0)" }
      let vouched = verdicts.completeness.map(text)
      particulars.add("completeness", .array(([open].compactMap { $0 } + vouched).map { .string($0) }))
      if let undecided = verdicts.undecided { particulars.add("undecided", undecided) }
    }
    if !verdicts.damage.isEmpty { particulars.add("damaged", .array(verdicts.damage.map { .string($0.text) })) }
    if let index = firstBadIndex(verdicts) { particulars.add("first_bad_index", .integer(index)) }
  }

  private static func words(_ verdicts: Verdicts, _ isPartial: Bool) -> String {
    guard verdicts.isSound, verdicts.contradiction == nil else { return "does not hold" }
    guard verdicts.damage.isEmpty else { return "holds, but for what is damaged" }
    return isPartial || verdicts.undecided != nil ? "what was looked at holds" : "everything holds"
  }

  static func firstBadIndex(_ verdicts: Verdicts) -> UInt64? {
    for finding in [verdicts.integrity, verdicts.attribution] {
      switch finding {
      case .fails(let index?, _), .cannotAttest(let index, _): return index
      default: continue
      }
    }
    return nil
  }

  private static func text(_ finding: Verdicts.Finding) -> String {
    switch finding {
    case .holds: "holds"
    case .fails(let index?, let why): "fails at index \(index): \(why)"
    case .fails(nil, let why): "fails: \(why)"
    case .cannotAttest(let index, let why): "cannot attest index \(index): \(why)"
    case .unknown(let index?): "not looked at from index \(index) on"
    case .unknown(nil): "not looked at"
    }
  }

  /// Prints how many entries count for nothing, for people.
  static func say(_ voids: [VoidTally]) {
    let count = voids.reduce(0) { $0 + $1.count }
    guard count > 0 else { return }
    let words = count == 1 ? "1 entry breaks a rule and counts" : "\(count) entries break a rule and count"
    let authors = voids.map { "\($0.name) \($0.count)" }.joined(separator: ", ")
    Console.say("\(words) for nothing, signed all the same (\(authors)): in \"custody log show\" they are \"void\"")
  }

  /// Adds the number of entries that count for nothing, and their authors; nothing if there are none.
  static func add(_ voids: [VoidTally], to particulars: inout Particulars) {
    guard !voids.isEmpty else { return }
    particulars.add("void", .integer(UInt64(voids.reduce(0) { $0 + $1.count })))
    particulars.add("void_by", .array(voids.map { .string("\($0.name) \($0.count)") }))
  }

  private static func text(_ voucher: Voucher) -> String {
    let when = voucher.time.map { " at \($0.text)" } ?? ""
    switch voucher.kind {
    case .pin: return "up to \("entry".counted(voucher.size)), as last seen on this machine\(when)"
    case .given: return "up to \("entry".counted(voucher.size)), as the checkpoint that was given says"
    case .cosignature(let name): return "up to \("entry".counted(voucher.size)), cosigned by \(name)\(when)"
    }
  }
}

extension Verification {
  func print(json: Bool) throws {
    var particulars = Particulars()
    VerdictReport.add(verdicts, isPartial: begun > 0, to: &particulars)
    particulars.add("not_looked_at", .array(notLookedAt.map { .string($0) }))
    particulars.add("recorded", .bool(unrecorded == nil))
    particulars.add("entries", .integer(entries))
    VerdictReport.add(voids, to: &particulars)
    if begun > 0 { particulars.add("signatures_from", .integer(begun)) }
    particulars.add("checkpoints", .integer(checkpoints))
    particulars.add("rows", .integer(rows))
    if let opened { particulars.add("opened", .integer(opened)) }
    particulars.add("genesis", genesis.text)
    particulars.add("root", root.text)
    if !backdated.isEmpty { particulars.add("backdated", .array(backdated.prefix(100).map { .integer($0) })) }
    try particulars.print(json: json)
    if let contradiction = verdicts.contradiction {
      throw VaultError(
        .integrity, contradiction, hint: "find the newest copy of the vault, or see \"custody help log recover\"")
    }
    if !json { VerdictReport.say(voids) }
    if let first = backdated.first, !json {
      Console.say("log entry \(first) is dated before the one before it: a wrong clock, or a false one")
    }
    if let unrecorded {
      // The lines above tell a person that everything holds; that it was not logged needs a line of its own.
      Console.warn("warning: the log has no entry of this verification: \(PrintableText.escape(unrecorded.reason))")
    }
  }

  private var notLookedAt: [String] {
    var parts: [String] = []
    if begun > 0 {
      parts.append(
        "log entries below \(begun), their tree nodes and checkpoints: they held before; --full reads them again")
    }
    parts.append(
      opened == nil
        ? "whether sealed values open: \"custody verify\" opens those that you can"
        : "sealed values that are not yours to open")
    parts.append("requests to join, and what is known of exchanges: the log does not vouch for them")
    return parts
  }
}
