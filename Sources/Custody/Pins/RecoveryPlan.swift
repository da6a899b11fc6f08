package import CustodyLog
package import CustodyValues

/// How a machine can go on from a history that is lost, and what is lost: shown before anyone is asked.
package struct RecoveryPlan: Sendable {
  package enum Way: Equatable, Sendable {
    /// This member leaves an entry: an admin, of both histories where it is their own machine's.
    case record
    /// An admin of both histories has left an entry that covers what was pinned here.
    case follow(RecordedRecovery)
    /// This member's own entry covers it; their command ended before it moved the pin, which unlocking has now done.
    case finished(RecordedRecovery)
    /// No admin of both is left. For this machine alone, by typing the genesis; there will be no entry.
    case alone
  }

  package let way: Way
  package let lost: LostHistory
  /// Where the log that goes on ends.
  package let found: Checkpoint
  /// Both histories are the same for this many entries, and perhaps for more. 0 where this machine can't tell.
  package let shared: UInt64
  /// The admins of the log that goes on.
  package let admins: [String]
}

/// A checkpoint that the log does not lead on from, with who signed it.
package struct LostHistory: Sendable {
  package let checkpoint: Checkpoint
  /// Nil where no member whom the log knows made the checkpoint.
  package let signer: String?
  /// Members who say that they verified the log up to there.
  package let cosigners: [String]
  /// When this machine pinned it; nil for another machine's.
  package let pinned: Timestamp?
}

/// How it was gone on.
public enum Recovery: Equatable, Sendable {
  /// With an entry by this member.
  case recorded(position: UInt64)
  /// With an entry that this member had left before; a command had ended between it and the pin.
  case finished(RecordedRecovery)
  /// With an entry that an admin had left.
  case followed(RecordedRecovery)
  /// Without an entry, on this machine only.
  case alone
}

extension RecoveryPlan {
  /// What is lost, who signed it, with what it is gone on, and on whose word. A line each.
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
  /// Size, root, who signed it and who verified it.
  package var text: String {
    var parts = [PinConflict.name(checkpoint)]
    if let pinned { parts.append("which you verified at \(pinned.text)") }
    parts.append("signed by \(signer ?? "someone whom this log does not know")")
    if !cosigners.isEmpty { parts.append("verified by \(cosigners.joined(separator: ", "))") }
    return parts.joined(separator: "; ")
  }
}
