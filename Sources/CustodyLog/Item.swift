public import CustodyMemory

/// What lets one member open one item.
public struct Grant: Sendable {
  /// Position of the entry that gave the right: a store or a share.
  public let right: UInt64
  /// Position of the entry that names the envelope: the same, or a later rekey.
  public internal(set) var envelope: UInt64
  public let until: Timestamp?

  /// Whether who holds this may give a grant until then: none that outlasts their own.
  public func covers(_ other: Timestamp?) -> Bool {
    guard let until else { return true }
    return other.map { $0 <= until } ?? false
  }

  public func isExpired(at time: Timestamp) -> Bool { until.map { $0 <= time } ?? false }
}

extension Item {
  /// Positions of the entries that tell how old a value is, at its provider: what makes new data keys is not among them.
  public struct Life: Equatable, Sendable {
    /// It came from outside, by a store or a rotate: a grant of the provider's began.
    public internal(set) var given: UInt64
    /// The newest value was made: the same, or an exchange that brought it.
    public internal(set) var made: UInt64
    /// The newest exchange in which the provider took it.
    public internal(set) var used: UInt64?

    init(given: UInt64) { (self.given, made) = (given, given) }

    init(given: UInt64, made: UInt64, used: UInt64?) { (self.given, self.made, self.used) = (given, made, used) }
  }
}

/// An item as the log says. Its names and values are elsewhere, sealed.
public struct Item: Sendable {
  public let id: Identifier
  public let kind: ItemKind
  public let tag: Digest
  /// The connector that a token belongs to.
  public let connector: Identifier?
  /// Who stored or registered it, and at which position.
  public let storedBy: Identifier
  public let stored: UInt64
  public internal(set) var revision: UInt64 = 1
  public internal(set) var generation: UInt64 = 1
  /// Position of the entry that made the newest sealed values.
  public internal(set) var valueEntry: UInt64
  public internal(set) var life: Life
  /// Positions of the entries that made its data keys: the first generation's first.
  public internal(set) var keyEntries: [UInt64]
  public var keyEntry: UInt64 { keyEntries.last ?? stored }
  /// Position of the entry that made the revision before, where it has the same data key and so is kept.
  public internal(set) var previousValueEntry: UInt64?
  public internal(set) var grants: [Identifier: Grant]
  /// Who lost their grant since the newest data key was made: they may still hold that key.
  public internal(set) var takenBack: [Identifier] = []
  public internal(set) var isRetired = false
  /// Envelopes made of the newest data key, those taken back included: the first is the auditors'.
  public internal(set) var envelopes: UInt64
  /// What each member may know of its values, whoever they are now.
  public internal(set) var exposures: [Identifier: Exposure] = [:]
  /// Of the newest metadata's plaintext: an exchange and a rekey seal the same again.
  public internal(set) var metadataSHA256: Digest
}
