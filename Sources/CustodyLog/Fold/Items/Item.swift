package import CustodyValues

/// An item as the log says, all of it signed. Its names and values are elsewhere, sealed; their hashes are here.
package struct Item: Sendable {
  package let id: Identifier
  package let kind: ItemKind
  package let tag: Digest
  package var place: ItemTag { ItemTag(kind, tag) }
  /// The connector that a token belongs to.
  package let connector: Identifier?
  /// Who stored or registered it, and when.
  package let storedBy: Identifier
  package let stored: Moment
  package internal(set) var revision: UInt64 = 1
  package internal(set) var generation: UInt64 = 1
  package internal(set) var value: SealedValue
  /// The value before the newest, which a revert brings back. It stays until there is another newest one.
  package internal(set) var earlier: EarlierValue?
  /// Set while a token's newest value is one that was brought back: if an exchange rotated it meanwhile, its provider may take
  /// it for stolen.
  package internal(set) var broughtBack: BroughtBack?
  package internal(set) var dataKey: NamedKey
  package internal(set) var metadataKey: MetadataKeyState
  package internal(set) var details: NamedNote
  /// Where its secret may go. Nil for a connector.
  package internal(set) var destination: NamedNote?
  /// When the newest value ends, where whoever brought it said so.
  package internal(set) var expiry: NamedNote?
  package internal(set) var life: Life
  /// Also of members who have lost theirs since: `History.grants(of:)` has those that stand.
  var grants: [Identifier: Grant] = [:]
  /// Members whose grant was taken since the newest data key was made: they may still have that key.
  var takenBack: [Identifier] = []
  package internal(set) var isRetired = false
  /// What each member may know of its values, whoever they are now.
  package internal(set) var exposures: [Identifier: Exposure] = [:]
  /// Values that somebody replaced who could not open them.
  package internal(set) var unseen: [UnseenValue] = []
  /// Of a connector: how many tokens of it are in use.
  package internal(set) var tokensInUse: UInt64 = 0

  /// The newest value's entry, and the one that made the data key.
  package var valueEntry: UInt64 { value.entry }
  package var keyEntry: UInt64 { dataKey.entry }
}

extension Item {
  /// The times that tell how old a value is at its provider. A new data key is not among them.
  package struct Life: Equatable, Sendable {
    /// It came from outside, by a store or a rotate: a grant of the provider's began.
    package internal(set) var given: Moment
    /// The newest value was made: the same, or an exchange that brought it.
    package internal(set) var made: Moment
    /// The newest exchange in which the provider took it.
    package internal(set) var used: Moment?

    init(given: Moment) { (self.given, made) = (given, given) }

    init(given: Moment, made: Moment, used: Moment?) { (self.given, self.made, self.used) = (given, made, used) }
  }
}
