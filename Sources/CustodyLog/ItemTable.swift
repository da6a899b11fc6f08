public import CustodyMemory

/// The items of a log, by ID.
public struct ItemTable: Sendable, Sequence {
  private var items: [Identifier: Item] = [:]

  public var count: Int { items.count }

  public internal(set) subscript(id: Identifier) -> Item? {
    get { items[id] }
    set { items[id] = newValue }
  }

  public func makeIterator() -> Dictionary<Identifier, Item>.Values.Iterator { items.values.makeIterator() }
}
