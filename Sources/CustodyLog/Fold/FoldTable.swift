internal import CustodyMemory
internal import Synchronization

/// A dictionary of which only what changed, and what was just read, is in memory; the rest are rows that were kept. Without such
/// rows it is a dictionary.
public struct FoldTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  let form: FoldForm<Key, Value>
  /// Nil stands for a row that was removed.
  private(set) var changed: [Key: Value?] = [:]
  /// Of those, what is in no store yet; without a backing it is all of them.
  private var unsaved: Set<Key> = []
  private(set) var backing: (any FoldBacking)?
  private var cache = FoldCache<Key, Value>()
  public private(set) var count = 0

  /// `table` is its number among the rows.
  package init(_ table: UInt8) where Key: FoldKeyed, Value: FoldRow {
    form = FoldForm(
      table: table, bytes: \.foldKey, key: { Key(foldKey: $0) },
      write: { $0.write(to: &$1) },
      read: { reader throws(OctetReader.Malformed) in try Value(reading: &reader) })
  }

  package init(_ table: UInt8, backing: any FoldBacking) where Key: FoldKeyed, Value: FoldRow {
    self.init(table)
    rebase(onto: backing)
  }

  public var isEmpty: Bool { count == 0 }

  public subscript(key: Key) -> Value? {
    get {
      if let known = changed[key] { return known }
      guard let backing else { return nil }
      return cache.value(key) { form.read(key, from: backing) }
    }
    set {
      let was = self[key] != nil
      guard was || newValue != nil else { return }
      count += (newValue == nil ? 0 : 1) - (was ? 1 : 0)
      if newValue == nil, backing == nil {
        changed.removeValue(forKey: key)
      } else {
        changed.updateValue(newValue, forKey: key)
      }
      if backing != nil { unsaved.insert(key) }
    }
  }

  public subscript(key: Key, default value: @autoclosure () -> Value) -> Value {
    get { self[key] ?? value() }
    set { self[key] = newValue }
  }

  /// In no order. They are read as they are asked for, and are those of the moment this was called.
  public var values: FoldValues<Key, Value> { FoldValues(table: self) }

  // MARK: Keeping

  package var unsavedCount: Int { backing == nil ? changed.count : unsaved.count }

  /// What a store lacks.
  package func eachUnsaved(_ body: (FoldChange) throws -> Void) rethrows {
    if backing == nil {
      for (key, value) in changed { try body(form.change(key, value)) }
    } else {
      for key in unsaved { try body(form.change(key, changed[key] ?? nil)) }
    }
  }

  /// They are in the store. The backing shows it as it was before, so they stay here too.
  package mutating func noteSaved() { unsaved = [] }

  /// Another backing, which has all that this table has: nothing more need be in memory.
  package mutating func rebase(onto backing: any FoldBacking) {
    (changed, unsaved, cache, self.backing) = ([:], [], FoldCache(), backing)
    count = backing.count(table: form.table)
  }
}

/// How a table's keys and values are written.
struct FoldForm<Key: Sendable, Value: Sendable>: Sendable {
  let table: UInt8
  let bytes: @Sendable (Key) -> [UInt8]
  let key: @Sendable ([UInt8]) -> Key?
  let write: @Sendable (Value, inout OctetWriter) -> Void
  let read: @Sendable (inout OctetReader) throws(OctetReader.Malformed) -> Value

  func change(_ key: Key, _ value: Value?) -> FoldChange {
    guard let value else { return FoldChange(table: table, key: bytes(key), value: nil) }
    var out = OctetWriter()
    write(value, &out)
    return FoldChange(table: table, key: bytes(key), value: out.bytes)
  }

  func read(_ key: Key, from backing: any FoldBacking) -> Value? {
    backing.read(table: table, key: bytes(key)).flatMap { value($0, from: backing) }
  }

  func value(_ bytes: [UInt8], from backing: any FoldBacking) -> Value? {
    var reader = OctetReader(bytes)
    guard let value = try? read(&reader), reader.isAtEnd else {
      backing.noteDamage()
      return nil
    }
    return value
  }
}

/// What was read last, also that there was nothing. Copies of a table share it: they have the same backing.
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
