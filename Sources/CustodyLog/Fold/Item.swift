public import CustodyValues

/// An entry's position, and the time that its author gave it.
public struct Moment: Equatable, Sendable {
  public let position: UInt64
  public let time: Timestamp

  public init(position: UInt64, time: Timestamp) { (self.position, self.time) = (position, time) }
}

/// How an item is found. Whoever knows a token's tag can register a connector under it: the kind keeps them apart.
public struct ItemTag: Hashable, Sendable {
  public let kind: ItemKind
  public let tag: Digest

  public init(_ kind: ItemKind, _ tag: Digest) { (self.kind, self.tag) = (kind, tag) }
}

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

/// A sealed secret, as its entry names it.
public struct SealedValue: Equatable, Sendable {
  public let entry: UInt64
  public let sha256: Digest

  init(entry: UInt64, sha256: Digest) { (self.entry, self.sha256) = (entry, sha256) }
}

/// The value that a rotate, rekey, revert or exchange replaced.
public struct EarlierValue: Sendable {
  public let value: SealedValue
  public let revision: UInt64
  /// Nil where it has the newest value's data key: an exchange replaced it.
  public internal(set) var key: EarlierKey?
  /// When it ends, where whoever brought it said so; and how old it is.
  let expiry: NamedNote?
  let life: Item.Life
  /// What an admin brought in its place, only an admin reverts.
  public let isForAdmins: Bool

  init(_ item: Item, key: EarlierKey?, isForAdmins: Bool) {
    (value, revision, expiry, life) = (item.value, item.revision, item.expiry, item.life)
    (self.key, self.isForAdmins) = (key, isForAdmins)
  }

  init(value: SealedValue, revision: UInt64, key: EarlierKey?, expiry: NamedNote?, life: Item.Life, isForAdmins: Bool) {
    (self.value, self.revision, self.key, self.expiry) = (value, revision, key, expiry)
    (self.life, self.isForAdmins) = (life, isForAdmins)
  }
}

/// The data key of an earlier value.
public struct EarlierKey: Sendable {
  public let dataKey: NamedKey
  public let generation: UInt64
  /// Of who had it when it was replaced, less those who lost it since by an entry about the item.
  var grants: [Identifier: Grant]

  init(dataKey: NamedKey, generation: UInt64, grants: [Identifier: Grant]) {
    (self.dataKey, self.generation, self.grants) = (dataKey, generation, grants)
  }
}

/// Who brought a value back, and when.
public struct BroughtBack: Equatable, Sendable {
  public let by: Identifier
  public let moment: Moment

  init(by: Identifier, moment: Moment) { (self.by, self.moment) = (by, moment) }
}

/// A data key or a metadata key, as the entry that made it names it.
public struct NamedKey: Equatable, Sendable {
  public let entry: UInt64
  public let commitment: Digest
  /// The SHA-256 of all the envelopes that the entry made.
  public let envelopes: Digest
  /// How many envelopes of it were made, those taken back included.
  public internal(set) var count: UInt64

  init(entry: UInt64, commitment: Digest, envelopes: Digest, count: UInt64) {
    (self.entry, self.commitment, self.envelopes, self.count) = (entry, commitment, envelopes, count)
  }
}

/// The newest metadata key of an item.
public struct MetadataKeyState: Equatable, Sendable {
  public internal(set) var key: NamedKey
  /// The count of metadata keys that the item has had.
  public let generation: UInt64
  /// Positions of the entries that made each of them but the first.
  public internal(set) var renewals: [UInt64]
  /// The epoch whose audit key opens it.
  public let epoch: UInt64
  /// Somebody who has it lost their grant since.
  var isWithLeaver = false

  init(key: NamedKey, generation: UInt64, renewals: [UInt64], epoch: UInt64) {
    (self.key, self.generation, self.renewals, self.epoch) = (key, generation, renewals, epoch)
  }
}

/// Text sealed under an item's metadata key, as its entry names it.
public struct NamedNote: Equatable, Sendable {
  public let moment: Moment
  public let author: Identifier
  /// Of the text, salt and all; and of the sealed text.
  public let sha256: Digest
  public let sealedSHA256: Digest

  public var entry: UInt64 { moment.position }

  init(moment: Moment, author: Identifier, sha256: Digest, sealedSHA256: Digest) {
    (self.moment, self.author, self.sha256, self.sealedSHA256) = (moment, author, sha256, sealedSHA256)
  }
}

/// A value that was replaced by somebody who could not open it, and so could not tell whether theirs is another one.
public struct UnseenValue: Equatable, Sendable {
  public let revision: UInt64
  public let replacedBy: Identifier
  public let replaced: Moment
  public let exposures: [Identifier: Exposure]

  init(revision: UInt64, replacedBy: Identifier, replaced: Moment, exposures: [Identifier: Exposure]) {
    (self.revision, self.replacedBy, self.replaced, self.exposures) = (revision, replacedBy, replaced, exposures)
  }
}
