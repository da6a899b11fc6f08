internal import CustodyValues
internal import Synchronization

/// A dictionary over a store of rows. Only changed and recently read values are in memory; without a store all of them
/// are.
///
/// As a sequence it yields all values in no order, as they were when the iteration began, reading them as it goes.
package struct FoldTable<Key: Hashable & Sendable, Value: Sendable>: Sendable, Sequence {
  let form: FoldForm<Key, Value>
  /// Changed values. Nil marks a removed row.
  private(set) var changed: [Key: Value?] = [:]
  /// Keys of changes that are not saved. Unused without a backing, where every value is unsaved.
  private var unsaved: Set<Key> = []
  private(set) var backing: (any FoldBacking)?
  private var cache = FoldCache<Key, Value>()
  package private(set) var count = 0

  /// A table of rows. `table` is its number in the store.
  package init(_ table: UInt8) where Key: FoldKeyed, Value: FoldRow { form = FoldForm(table) }

  /// A table of pointers: its values are keys of the rows of the table `target`.
  package init(_ table: UInt8, pointingTo target: UInt8) where Key: FoldKeyed, Value: FoldKeyed {
    form = FoldForm(table, pointingTo: target)
  }

  package var isEmpty: Bool { count == 0 }

  package subscript(key: Key) -> Value? {
    get {
      if let known = changed[key] { return known }
      return kept(key)
    }
    set {
      guard newValue != nil || self[key] != nil else { return }
      let known =
        newValue == nil && backing == nil
        ? changed.removeValue(forKey: key) : changed.updateValue(newValue, forKey: key)
      let was = known ?? kept(key)
      count += (newValue == nil ? 0 : 1) - (was == nil ? 0 : 1)
      if backing != nil { unsaved.insert(key) }
    }
  }

  private func kept(_ key: Key) -> Value? {
    guard let backing, backing.count(table: form.table) > 0 else { return nil }
    return cache.value(key) { form.read(key, from: backing) }
  }

  package func makeIterator() -> FoldValues<Key, Value> { FoldValues(self) }

  /// Always 0. Damaged rows may be fewer than the count, and an array traps if a sequence yields fewer than it
  /// promised.
  package var underestimatedCount: Int { 0 }

  // MARK: Keeping

  package var unsavedCount: Int { backing == nil ? changed.count : unsaved.count }

  /// Calls `body` with each unsaved change.
  package func eachUnsaved(_ body: (FoldChange) throws -> Void) rethrows {
    if backing == nil {
      for (key, value) in changed { try body(form.change(key, value)) }
    } else {
      for key in unsaved { try body(form.change(key, changed[key] ?? nil)) }
    }
  }

  /// Marks all changes as saved. They stay in memory, since the backing still shows the rows as they were.
  package mutating func noteSaved() { unsaved = [] }

  /// Changes to a backing that has all rows of this table, and drops those in memory.
  package mutating func rebase(onto backing: any FoldBacking) {
    (changed, unsaved, cache, self.backing) = ([:], [], FoldCache(), backing)
    count = backing.count(table: form.table)
  }
}

/// The encoding of a table's keys and values.
struct FoldForm<Key: Sendable, Value: Sendable>: Sendable {
  let table: UInt8
  let target: UInt8?
  let key: @Sendable ([UInt8]) -> Key?
  private let keyBytes: @Sendable (Key) -> [UInt8]
  private let valueBytes: @Sendable (Value) -> [UInt8]
  private let parse: @Sendable ([UInt8]) -> Value?

  init(_ table: UInt8) where Key: FoldKeyed, Value: FoldRow {
    (self.table, target) = (table, nil)
    (keyBytes, key) = (\.foldKey, { Key(foldKey: $0) })
    valueBytes = {
      var out = OctetWriter(reserving: 1024)
      $0.write(to: &out)
      return out.bytes
    }
    parse = {
      var reader = OctetReader($0)
      guard let value = try? Value(reading: &reader), reader.isAtEnd else { return nil }
      return value
    }
  }

  init(_ table: UInt8, pointingTo target: UInt8) where Key: FoldKeyed, Value: FoldKeyed {
    (self.table, self.target) = (table, target)
    (keyBytes, key) = (\.foldKey, { Key(foldKey: $0) })
    (valueBytes, parse) = (\.foldKey, { Value(foldKey: $0) })
  }

  func change(_ key: Key, _ value: Value?) -> FoldChange {
    FoldChange(table: table, key: keyBytes(key), value: value.map(valueBytes), target: target)
  }

  func read(_ key: Key, from backing: any FoldBacking) -> Value? {
    let bytes = keyBytes(key)
    let found =
      target.map { backing.target(table: table, key: bytes, in: $0) } ?? backing.read(table: table, key: bytes)
    return found.flatMap { value($0, from: backing) }
  }

  func value(_ bytes: [UInt8], from backing: any FoldBacking) -> Value? {
    let value = parse(bytes)
    if value == nil { backing.noteDamage() }
    return value
  }
}

/// A cache of the rows read last, absent ones included. Copies of a table share it, as they have the same backing.
private final class FoldCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private static var limit: Int { 2048 }
  private let known = Mutex<[Key: Value?]>([:])

  func value(_ key: Key, _ read: () -> Value?) -> Value? {
    if let value = known.withLock({ $0[key] }) { return value }
    let value = read()
    known.withLock {
      if $0.count >= Self.limit { $0.removeAll(keepingCapacity: true) }
      $0.updateValue(value, forKey: key)
    }
    return value
  }
}
