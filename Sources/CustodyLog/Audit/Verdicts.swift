internal import CustodyValues

/// The result of a verification: separate answers on integrity, attribution and completeness. None implies another.
public struct Verdicts: Equatable, Sendable {
  /// The answer to one of the questions.
  public enum Finding: Equatable, Sendable {
    /// The property holds for everything that was checked.
    case holds
    /// The property fails, and why. `at` is the first index, or nil if no entry is the cause.
    case fails(at: UInt64?, String)
    /// The entry or line at this index is of a version unknown to this program. Never counts as valid.
    case cannotAttest(at: UInt64, String)
    /// Not checked from this index on, because another fault came first.
    case unknown(from: UInt64?)
  }

  /// Integrity: every byte is as it was signed and hashed; nothing is missing, changed, inserted or moved.
  public let integrity: Finding
  /// Attribution: every entry was signed by a member of that moment who had the right to.
  public let attribution: Finding
  /// Completeness: those who vouch that the log was not cut off before some size. Empty if nobody does.
  public let completeness: [Voucher]
  /// A checkpoint that somebody vouches for and that this log does not extend: the log is an old copy, or another
  /// history. Nil if there is none.
  public let contradiction: String?
  /// A question that the evidence can't answer: neither that the log extends a checkpoint, nor that it does not. Nil if
  /// there is none.
  public let undecided: String?
  /// Damage that was found, in the order of the log.
  public let damage: [Damage]

  package init(
    _ completeness: [Voucher], contradiction: String? = nil, undecided: String? = nil, damage: [Damage] = []
  ) {
    (integrity, attribution) = (.holds, .holds)
    (self.completeness, self.contradiction, self.damage) = (completeness, contradiction, damage)
    self.undecided = undecided
  }

  /// The verdict on a log with a fault. `tree` is what is known of the entries' bytes against a checkpoint's root: an
  /// entry that nobody signed may be in the tree all the same.
  package init(_ fault: HistoryFault, tree: Finding = .unknown(from: nil)) {
    (completeness, contradiction, undecided, damage) = ([], nil, nil, [])
    if fault.rule.isUnattested {
      integrity = .cannotAttest(at: fault.position, fault.rule.words)
      attribution = .unknown(from: fault.position)
    } else if fault.rule.isOfAttribution {
      integrity = tree == .unknown(from: nil) ? .unknown(from: fault.position) : tree
      attribution = .fails(at: fault.position, fault.rule.words)
    } else {
      integrity = .fails(at: fault.position, fault.rule.words)
      attribution = .unknown(from: fault.position)
    }
  }

  /// The verdict on a log whose storage is broken: the fault is no entry's.
  package init(broken reason: String, damage: [Damage] = []) {
    (integrity, attribution) = (.fails(at: nil, reason), .unknown(from: nil))
    (completeness, contradiction, undecided, self.damage) = ([], nil, nil, damage)
  }

  /// True if everything that was asked holds; false also if a part of it is undecided. Damage does not make it false:
  /// all else that the log says remains valid.
  public var holds: Bool { isSound && contradiction == nil && undecided == nil }

  /// True if integrity and attribution hold, whatever the log extends.
  public var isSound: Bool { integrity == .holds && attribution == .holds }
}

extension HistoryFault.Rule {
  var isUnattested: Bool { self == .grammar(.unknownVersion) }

  /// True for rules on authors and their rights; all other rules are about the log's integrity.
  var isOfAttribution: Bool {
    switch self {
    case .unknownActor, .removedActor, .roleMayNot, .badSignature, .invalidKey, .keyTwice, .notAHolder, .outlastsGrant,
      .signedByAnother, .notTheRegistrar, .mayNotLeaveOut,
      .checkpointSigner, .checkpointSignature:
      true
    default: false
    }
  }
}
