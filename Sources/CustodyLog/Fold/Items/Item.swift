public import CustodyValues

/// An item as the log says, all of it signed. Its names and values are elsewhere, sealed; their hashes are here.
public struct Item: Sendable {
  public let id: Identifier
  public let kind: ItemKind
  public let tag: Digest
  public var place: ItemTag { ItemTag(kind, tag) }
  /// The connector that a token belongs to.
  public let connector: Identifier?
  /// Who stored or registered it, and when.
  public let storedBy: Identifier
  public let stored: Moment
  public internal(set) var revision: UInt64 = 1
  public internal(set) var generation: UInt64 = 1
  public internal(set) var value: SealedValue
  /// The value before the newest, which a revert brings back. It stays until there is another newest one.
  public internal(set) var earlier: EarlierValue?
  /// Set while a token's newest value is one that was brought back: if an exchange rotated it meanwhile, its provider may take
  /// it for stolen.
  public internal(set) var broughtBack: BroughtBack?
  public internal(set) var dataKey: NamedKey
  public internal(set) var metadataKey: MetadataKeyState
  public internal(set) var details: NamedNote
  /// Where its secret may go. Nil for a connector.
  public internal(set) var destination: NamedNote?
  /// When the newest value ends, where whoever brought it said so.
  public internal(set) var expiry: NamedNote?
  public internal(set) var life: Life
  /// Also of members who have lost theirs since: `History.grants(of:)` has those that stand.
  var grants: [Identifier: Grant] = [:]
  /// Members whose grant was taken since the newest data key was made: they may still have that key.
  var takenBack: [Identifier] = []
  public internal(set) var isRetired = false
  /// What each member may know of its values, whoever they are now.
  public internal(set) var exposures: [Identifier: Exposure] = [:]
  /// Values that somebody replaced who could not open them.
  public internal(set) var unseen: [UnseenValue] = []
  /// Of a connector: how many tokens of it are in use.
  public internal(set) var tokensInUse: UInt64 = 0

  /// The newest value's entry, and the one that made the data key.
  public var valueEntry: UInt64 { value.entry }
  public var keyEntry: UInt64 { dataKey.entry }
}

extension Item {
  /// The times that tell how old a value is at its provider. A new data key is not among them.
  public struct Life: Equatable, Sendable {
    /// It came from outside, by a store or a rotate: a grant of the provider's began.
    public internal(set) var given: Moment
    /// The newest value was made: the same, or an exchange that brought it.
    public internal(set) var made: Moment
    /// The newest exchange in which the provider took it.
    public internal(set) var used: Moment?

    init(given: Moment) { (self.given, made) = (given, given) }

    init(given: Moment, made: Moment, used: Moment?) { (self.given, self.made, self.used) = (given, made, used) }
  }
}
