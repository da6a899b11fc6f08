internal import CustodyCrypto
package import CustodyLog
package import CustodyValues

/// The changes that a repair would make to a vault, to be shown before anyone is asked.
package struct RepairPlan: Sendable {
  /// A row that the log names and no source has.
  package struct Loss: Equatable, Sendable {
    package let table: String
    package let what: String
  }

  /// An entry after the last valid position, as far as it can be read.
  package struct Behind: Sendable {
    package let position: UInt64
    /// Nil if it does not open or is malformed.
    package let action: Action?
    package let time: Timestamp?
    /// The author's name, if the signature holds.
    package let author: String?
  }

  /// A member's checkpoint that the assembled log does not continue.
  package struct Cover: Sendable {
    package let head: Seen
    /// Nil if only this machine's pin has it and the log does not know who signed it.
    package let signer: String?
    /// True if this machine verified it.
    package let isPinned: Bool
    /// True for signed entries whose checkpoint is lost.
    package var isWithoutCheckpoint = false
  }

  /// The author's own wrap of a later vault key, which no source has.
  package struct LostKey: Sendable {
    /// The epoch of the newest vault key that they open.
    package let epoch: UInt64
    package let member: String
    /// Names of the other admins, as far as the log can be read.
    package let admins: [String]
  }

  /// A replacement for a file that SQLite can't read or whose schema was changed, with the rows that can be read.
  package struct Rebuild: Equatable, Sendable {
    /// Schema objects that are left out because they are not Custody's. Nil if the schema can't be read.
    package let foreignObjects: [String]?
    /// Number of pages that can't be read in full.
    package let damagedPages: Int
    package let rows: Int
    /// Number of rows left out because they occur twice or fit no table.
    package let refused: Int
  }

  /// Number of valid entries.
  package let size: UInt64
  /// The fault that ends them.
  package let fault: HistoryFault?
  /// Number of rows moved to the quarantine file, by table.
  package let takenOut: [(table: String, rows: Int)]
  /// Number of rows inserted, by table.
  package let putBack: [(table: String, rows: Int)]
  /// Set if the file is replaced.
  package let rebuild: Rebuild?
  /// Number of inserted rows that come from the copy.
  package let takenBack: Int
  package let lost: [Loss]
  /// Members' wrapped keys of older epochs of which no source has some, one line each. The repair's entry records which
  /// are left, and from then on the others are not reported as missing. Another copy may have them.
  package let olderKeysGone: [String]
  /// IDs of tokens whose last exchange is no longer known.
  package let doubted: [Identifier]
  /// The first entries after the last valid position.
  package let behind: [Behind]
  /// Number of entries after the last valid position.
  package let behindCount: UInt64
  /// Checkpoints whose entries are cut only on request, the largest first.
  package let covers: [Cover]
  /// Set if the log ends because the author's own wrap of a later vault key is in no source.
  package let lostKey: LostKey?
  let fingerprint: Digest

  package var isNothing: Bool {
    takenOut.isEmpty && putBack.isEmpty && olderKeysGone.isEmpty && doubted.isEmpty && covers.isEmpty && rebuild == nil
  }
}

/// The changes that a repair made.
package struct RepairResult: Sendable {
  /// Position of the repair's entry.
  package let position: UInt64
  package let takenOut: Int
  package let restored: Int
  /// Path of the quarantine file; nil if no row was taken out.
  package let quarantine: String?
  package let quarantineSHA256: Digest?
}

extension RepairPlan {
  /// The plan as lines to print.
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
