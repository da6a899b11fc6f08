internal import CustodyValues

/// What was found of a log: three answers that don't stand in for each other.
public struct Verdicts: Equatable, Sendable {
  public enum Finding: Equatable, Sendable {
    case holds
    /// The first index where it does not, if it is about an entry, and why.
    case fails(at: UInt64?, String)
    /// Something that this program does not know stands there: never valid.
    case cannotAttest(at: UInt64, String)
    /// Another fault came first: what lies behind it was not looked at.
    case unknown(from: UInt64?)
  }

  /// Each byte is what was signed and hashed; nothing is missing, changed, put in or moved.
  public let integrity: Finding
  /// Each entry is by a member of that moment, who signed it and had the right.
  public let attribution: Finding
  /// Who vouches that nothing behind some size was cut off. Empty where nobody does.
  public let completeness: [Voucher]
  /// What somebody vouches for and this log does not lead on from: an old copy, or another history.
  public let contradiction: String?
  /// What was asked, and can't be told from what is shown: neither that it leads on from a checkpoint, nor that it does not.
  public let undecided: String?
  /// In the order of the log.
  public let damage: [Damage]

  package init(
    _ completeness: [Voucher], contradiction: String? = nil, undecided: String? = nil, damage: [Damage] = []
  ) {
    (integrity, attribution) = (.holds, .holds)
    (self.completeness, self.contradiction, self.damage) = (completeness, contradiction, damage)
    self.undecided = undecided
  }

  /// `tree` is what is known of the entries' bytes against the root of a checkpoint: an entry that nobody signed may
  /// stand in the tree all the same.
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

  /// A row that the log does not hold, or something else that no entry is to blame for.
  package init(broken reason: String, damage: [Damage] = []) {
    (integrity, attribution) = (.fails(at: nil, reason), .unknown(from: nil))
    (completeness, contradiction, undecided, self.damage) = ([], nil, nil, damage)
  }

  /// All that was asked was found to hold; false also where some of it can't be told. Damage does not end it: all else that
  /// the log says is so.
  public var holds: Bool { isSound && contradiction == nil && undecided == nil }

  /// What is shown holds, whatever it leads on from.
  public var isSound: Bool { integrity == .holds && attribution == .holds }
}

extension HistoryFault.Rule {
  var isUnattested: Bool { self == .grammar(.unknownVersion) }

  /// Who did it, and by what right; all else is what the log is made of.
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
