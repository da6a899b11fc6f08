package import CustodyValues

/// The value that a rotate, rekey, revert or exchange replaced.
package struct EarlierValue: Sendable {
  package let value: SealedValue
  package let revision: UInt64
  /// Nil where it has the newest value's data key: an exchange replaced it.
  package internal(set) var key: EarlierKey?
  /// When it ends, where whoever brought it said so; and how old it is.
  let expiry: NamedNote?
  let life: Item.Life
  /// What an admin brought in its place, only an admin reverts.
  package let isForAdmins: Bool

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
package struct EarlierKey: Sendable {
  package let dataKey: NamedKey
  package let generation: UInt64
  /// Of who had it when it was replaced, less those who lost it since by an entry about the item.
  var grants: [Identifier: Grant]

  init(dataKey: NamedKey, generation: UInt64, grants: [Identifier: Grant]) {
    (self.dataKey, self.generation, self.grants) = (dataKey, generation, grants)
  }
}

/// Who brought a value back, and when.
package struct BroughtBack: Equatable, Sendable {
  package let by: Identifier
  package let moment: Moment

  init(by: Identifier, moment: Moment) { (self.by, self.moment) = (by, moment) }
}
