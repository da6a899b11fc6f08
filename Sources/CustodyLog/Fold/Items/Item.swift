package import CustodyValues

/// An item as the log records it, all of it signed. Its names and values are sealed and kept elsewhere; the log has
/// their hashes.
package struct Item: Sendable {
  package let id: Identifier
  package let kind: ItemKind
  package let tag: Digest
  package var place: ItemTag { ItemTag(kind, tag) }
  /// ID of the connector that a token belongs to. Nil for a connector.
  package let connector: Identifier?
  /// Author and moment of the store or registration.
  package let storedBy: Identifier
  package let stored: Moment
  package internal(set) var revision: UInt64 = 1
  package internal(set) var generation: UInt64 = 1
  package internal(set) var value: SealedValue
  /// The value before the newest, which a revert brings back. Kept until there is a newer value.
  package internal(set) var earlier: EarlierValue?
  /// Set while a token's newest value is one that was brought back. If an exchange rotated it meanwhile, its provider
  /// may treat its use as theft.
  package internal(set) var broughtBack: BroughtBack?
  package internal(set) var dataKey: NamedKey
  package internal(set) var metadataKey: MetadataKeyState
  package internal(set) var details: NamedNote
  /// The confirmed destination of a token's secret. Nil for a connector.
  package internal(set) var destination: NamedNote?
  /// Expiry of the newest value, if its author stated one.
  package internal(set) var expiry: NamedNote?
  package internal(set) var life: Life
  /// All grants, also of members who have lost theirs since. `History.grants(of:)` filters those that stand.
  var grants: [Identifier: Grant] = [:]
  /// Members whose grant was taken back since the newest data key was made: they may still have that key.
  var takenBack: [Identifier] = []
  package internal(set) var isRetired = false
  /// Exposures by member, those of former members included.
  package internal(set) var exposures: [Identifier: Exposure] = [:]
  /// Values that somebody replaced without being able to decrypt them.
  package internal(set) var unseen: [UnseenValue] = []
  /// Count of a connector's tokens that are not retired.
  package internal(set) var tokensInUse: UInt64 = 0

  /// Positions of the entries that made the newest value and its data key.
  package var valueEntry: UInt64 { value.entry }
  package var keyEntry: UInt64 { dataKey.entry }
}

extension Item {
  /// The moments that determine a value's age at its provider. A new data key changes none of them.
  package struct Life: Equatable, Sendable {
    /// The store or rotate that brought a value from outside, with which a grant of the provider's began.
    package internal(set) var given: Moment
    /// The entry that made the newest value: the same, or an exchange that rotated it.
    package internal(set) var made: Moment
    /// The newest exchange in which the provider accepted it.
    package internal(set) var used: Moment?

    init(given: Moment) { (self.given, made) = (given, given) }

    init(given: Moment, made: Moment, used: Moment?) { (self.given, self.made, self.used) = (given, made, used) }
  }
}
