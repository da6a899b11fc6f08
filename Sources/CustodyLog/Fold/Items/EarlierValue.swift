package import CustodyValues

/// The value that the newest rotate, rekey, revert or exchange replaced.
package struct EarlierValue: Sendable {
  package let value: SealedValue
  package let revision: UInt64
  /// Its own data key. Nil if an exchange replaced it: then it shares the newest value's data key.
  package internal(set) var key: EarlierKey?
  /// The value's expiry, if its author stated one, and its age.
  let expiry: NamedNote?
  let life: Item.Life
  /// True if an admin replaced the value: then only an admin may bring it back.
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
  /// Grants at the time of the replacement, less those taken away since by an entry about the item.
  var grants: [Identifier: Grant]

  init(dataKey: NamedKey, generation: UInt64, grants: [Identifier: Grant]) {
    (self.dataKey, self.generation, self.grants) = (dataKey, generation, grants)
  }
}

/// The member who brought a value back, and the moment.
package struct BroughtBack: Equatable, Sendable {
  package let by: Identifier
  package let moment: Moment

  init(by: Identifier, moment: Moment) { (self.by, self.moment) = (by, moment) }
}
