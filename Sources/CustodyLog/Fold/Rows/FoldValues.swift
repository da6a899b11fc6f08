/// An iterator over all values of a table: first the stored ones that have not changed, a page at a time, then the
/// changed ones.
package struct FoldValues<Key: Hashable & Sendable, Value: Sendable>: IteratorProtocol {
  private let table: FoldTable<Key, Value>
  private var page: [(key: [UInt8], value: [UInt8])] = []
  private var position = 0
  /// Key after which the next page begins.
  private var after: [UInt8]?
  private var seen = 0
  private var changed: Dictionary<Key, Value?>.Iterator

  init(_ table: FoldTable<Key, Value>) {
    self.table = table
    changed = table.changed.makeIterator()
    after = table.backing == nil ? nil : []
  }

  package mutating func next() -> Value? {
    if let backing = table.backing, let value = kept(in: backing) { return value }
    while let (_, value) = changed.next() {
      if let value { return value }
    }
    return nil
  }

  private mutating func kept(in backing: any FoldBacking) -> Value? {
    while true {
      while position < page.count {
        let row = page[position]
        position += 1
        guard let key = table.form.key(row.key) else {
          backing.noteDamage()
          continue
        }
        if table.changed[key] != nil { continue }
        if let value = table.form.value(row.value, from: backing) { return value }
      }
      guard let after else { return nil }
      let read = backing.page(table: table.form.table, after: after)
      (page, position, self.after, seen) = (read.rows, 0, read.next, seen + read.rows.count)
      // Some rows are missing, or the pages form a circle.
      let count = backing.count(table: table.form.table)
      if seen > count || (self.after == nil && seen != count) {
        backing.noteDamage()
        (page, self.after) = ([], nil)
      }
    }
  }
}
