internal import CustodyCrypto
package import CustodyLog
package import CustodyValues

/// What a repair would do to a vault: shown before anyone is asked.
package struct RepairPlan: Sendable {
  /// Rows that the log names, and no source has.
  package struct Loss: Equatable, Sendable {
    package let table: String
    package let what: String
  }

  /// An entry behind the last position that holds, as far as it can be read.
  package struct Behind: Sendable {
    package let position: UInt64
    /// Nil where it does not open, or is no entry.
    package let action: Action?
    package let time: Timestamp?
    /// Who signed it, where the signature holds.
    package let author: String?
  }

  /// A checkpoint of a member that the log does not lead on from.
  package struct Cover: Sendable {
    package let head: Seen
    /// Nil where this machine remembers it, and the log does not know who signed it.
    package let signer: String?
    /// This machine verified it.
    package let isPinned: Bool
    /// Entries that nobody's checkpoint covers any more: their own signatures hold.
    package var isWithoutCheckpoint = false
  }

  package struct LostKey: Sendable {
    /// The newest that they open.
    package let epoch: UInt64
    package let member: String
    /// Other admins, as far as the log can be read.
    package let admins: [String]
  }

  /// A file that SQLite can't read, or whose schema is another: a new one takes its place, with the rows that can be read.
  package struct Rebuild: Equatable, Sendable {
    /// Objects that are left out, as Custody makes none like them; nil where the schema can't be read.
    package let foreignObjects: [String]?
    /// Pages that can't be read, or not all of them.
    package let damagedPages: Int
    package let rows: Int
    /// Rows that come twice, or that no table takes.
    package let refused: Int
  }

  /// How many entries hold, and what ends them.
  package let size: UInt64
  package let fault: HistoryFault?
  /// By table: rows that go into the quarantine file, and rows that are put in their place, or where none is.
  package let takenOut: [(table: String, rows: Int)]
  package let putBack: [(table: String, rows: Int)]
  /// Set where the file is made anew.
  package let rebuild: Rebuild?
  /// How many of these are from the copy.
  package let takenBack: Int
  package let lost: [Loss]
  /// Members' keys of older epochs of which some are in no source. The repair's entry says which are left; from then on the others
  /// are not missed. Another copy may have them.
  package let olderKeysGone: [String]
  /// IDs of tokens whose last exchange is not known any more.
  package let doubted: [Identifier]
  /// The first of them, and how many there are.
  package let behind: [Behind]
  package let behindCount: UInt64
  /// What is only cut on request, the largest first.
  package let covers: [Cover]
  /// Set where the log ends because the author's own wrap of a later vault key is in no source.
  package let lostKey: LostKey?
  let fingerprint: Digest

  package var isNothing: Bool {
    takenOut.isEmpty && putBack.isEmpty && olderKeysGone.isEmpty && doubted.isEmpty && covers.isEmpty && rebuild == nil
  }
}

/// What was done.
package struct RepairResult: Sendable {
  /// Of the entry.
  package let position: UInt64
  package let takenOut: Int
  package let restored: Int
  /// Where the rows are that were taken out; nil where none was.
  package let quarantine: String?
  package let quarantineSHA256: Digest?
}

extension RepairPlan {
  /// A line each.
  package var text: [String] {
    var lines = rebuild?.text ?? []
    if let fault { lines.append("the log holds for \(size) entries: \(fault.text)") }
    for entry in behind { lines.append(entry.text) }
    if behindCount > UInt64(behind.count) { lines.append("and \(behindCount - UInt64(behind.count)) entries more") }
    for cover in covers.prefix(3) { lines.append(cover.text) }
    lines += takenOut.map { "out   \($0.rows) of \($0.table)" }
    lines += putBack.map { "back  \($0.rows) of \($0.table)" }
    if takenBack > 0 { lines.append("of what is put back, \(takenBack) are the copy's") }
    lines += lost.prefix(20).map { "lost  \($0.what)" }
    if lost.count > 20 { lines.append("and \(lost.count - 20) rows more") }
    lines += olderKeysGone.prefix(20).map { "gone  some of \($0); another copy may have them" }
    if olderKeysGone.count > 20 { lines.append("and those of \(olderKeysGone.count - 20) entries more") }
    for id in doubted { lines.append("token \(id.hex): what is known of its last exchange is lost; it is in doubt") }
    return lines
  }
}

extension RepairPlan.LostKey {
  var error: VaultError {
    let copy: Hint = "name a newer copy with \(step: .use(.copy))"
    return VaultError(
      .integrity,
      "cannot repair: your own envelopes of the vault keys since epoch \(epoch) are missing, or do not open",
      subject: member,
      hint: admins.first.map { "\(RepairKeys.ask($0, for: member)); or \(copy)" }
        ?? "\(copy); if there is none, \(step: .repairCutting) goes on without what you cannot open")
  }
}

extension RepairPlan.Rebuild {
  var text: [String] {
    var lines = ["the file is made anew of \(rows) rows that can be read; as it is it goes into the quarantine file"]
    if damagedPages > 0 { lines.append("pages that cannot be read, or not all of them: \(damagedPages)") }
    if foreignObjects == nil { lines.append("its schema cannot be read") }
    lines += (foreignObjects ?? []).prefix(20).map { "out   \($0), which is not of Custody's schema" }
    if let count = foreignObjects?.count, count > 20 { lines.append("and \(count - 20) objects more") }
    if refused > 0 { lines.append("out   \(refused) rows that come twice, or that no table takes") }
    return lines
  }
}

extension RepairPlan.Behind {
  var text: String {
    guard let action else { return "log entry \(position) does not open, or is no entry" }
    let who = author.map { "signed by \($0)" } ?? "by nobody whom the log before it knows"
    return "log entry \(position): \(action.rawValue), \(who), \(time?.text ?? "")"
  }
}

extension RepairPlan.Cover {
  var text: String {
    if isWithoutCheckpoint {
      return
        "the log entries up to \(head.size - 1), the last by \(signer ?? "somebody"), are signed, and their checkpoint is lost"
    }
    let who = isPinned ? "this machine verified" : "\(signer ?? "somebody") signed a checkpoint of"
    return "\(who) \(head.size) entries with root \(Base64.text(head.root)), which are not here"
  }
}
