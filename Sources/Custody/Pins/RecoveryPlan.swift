package import CustodyLog
package import CustodyValues

/// The way in which a machine can continue after a lost history, and what is lost. Shown before anyone is asked.
package struct RecoveryPlan: Sendable {
  package enum Way: Equatable, Sendable {
    /// This member, an admin, adds an entry. If the pin is their own machine's, they are an admin of both histories.
    case record
    /// An admin of both histories has added an entry that covers this machine's pin.
    case follow(RecordedRecovery)
    /// This member's own entry covers it. Their command ended before it moved the pin, and unlocking has now moved it.
    case finished(RecordedRecovery)
    /// No admin of both histories is left. The member continues for this machine alone, by typing the genesis, without
    /// an entry.
    case alone
  }

  package let way: Way
  package let lost: LostHistory
  /// The end of the log that continues.
  package let found: Checkpoint
  /// Number of entries known to be the same in both histories; there may be more. 0 if this machine can't tell.
  package let shared: UInt64
  /// Names of the admins of the log that continues.
  package let admins: [String]
}

/// A checkpoint that the log does not continue, with who signed it.
package struct LostHistory: Sendable {
  package let checkpoint: Checkpoint
  /// Name of the member who made the checkpoint. Nil if the log knows no such member.
  package let signer: String?
  /// Names of the members who declare that they verified the log up to this checkpoint.
  package let cosigners: [String]
  /// Time when this machine pinned it. Nil for another machine's pin.
  package let pinned: Timestamp?
}

/// The way in which a recovery was done.
public enum Recovery: Equatable, Sendable {
  /// This member added an entry at this position.
  case recorded(position: UInt64)
  /// This member had added an entry before, but their command ended before it moved the pin.
  case finished(RecordedRecovery)
  /// An admin had added an entry.
  case followed(RecordedRecovery)
  /// This machine alone continues, without an entry.
  case alone
}

extension RecoveryPlan {
  /// The plan as lines to print: what is lost, who signed it, how to continue, and on whose word.
  package var text: [String] {
    var lines = [
      "lost   \(lost.text)", "found  \(PinConflict.name(found)); admins there: \(admins.joined(separator: ", "))",
    ]
    if shared > 0 { lines.append("both are the same for \(shared) entries, or more") }
    switch way {
    case .record where lost.pinned == nil:
      lines.append(
        "Who verified that may follow you, and what was written there is lost to this vault; what was given then")
      lines.append("stays given. If a vault that has it is still there, go on with that one instead.")
    case .record:
      lines.append(
        "What was written after the two records parted is lost to this vault, and what was given then stays given.")
    case .follow(let recovery), .finished(let recovery):
      lines.append(
        "\(recovery.name), an admin of both, went on from there with log entry \(recovery.position), signed at")
      lines.append("\(recovery.time.text): \(recovery.reason)")
    case .alone:
      lines.append(
        "No admin whom this machine knew is an admin in this log: nobody can say that it is the right one. You would go"
      )
      lines.append("on for this machine alone, and no log entry would say so; the other members decide for themselves.")
    }
    return lines
  }
}

extension LostHistory {
  /// The checkpoint's size and root, who signed it and who verified it.
  package var text: String {
    var parts = [PinConflict.name(checkpoint)]
    if let pinned { parts.append("which you verified at \(pinned.text)") }
    parts.append("signed by \(signer ?? "someone whom this log does not know")")
    if !cosigners.isEmpty { parts.append("verified by \(cosigners.joined(separator: ", "))") }
    return parts.joined(separator: "; ")
  }
}
