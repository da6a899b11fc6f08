package import CustodyValues

/// A vault that is being founded, under a temporary name beside its place. It gets its name once it is complete, and
/// otherwise leaves nothing. A draft that a killed process left is recognized by its name, which holds the vault's
/// ID.
package final class StoreDraft {
  private static let mark = ".founding-"
  private let place: SQLitePath
  private let draft: SQLiteDraft
  package let store: Store

  package init(
    for path: String, of vault: Identifier, options: SQLiteOptions = SQLiteOptions()
  ) throws(StoreError) {
    place = try SQLitePath(path)
    try place.checkFolder(options)
    guard try !place.isTaken() else { throw .alreadyExists }
    draft = try SQLiteDraft(beside: place, Self.mark, named: vault.hex)
    store = Store(try SQLiteDatabase.begin(draft.path, options: options))
    try store.makeTables()
  }

  deinit { store.close() }

  /// Gives the vault its place. The store is not usable afterwards.
  package func finish() throws(StoreError) {
    // Closing would empty the log too, but silently fail, for example on a full disk.
    try store.emptyLog()
    store.close()
    try draft.take(place)
  }

  /// IDs of vaults whose founding was cut off here, without those that another process is founding now.
  package static func leftovers(at path: String) throws(StoreError) -> [Identifier] {
    let names = SQLiteDraft.leftovers(of: try SQLitePath(path), mark)
    return Set(names.compactMap { Identifier(hex: $0.utf8.prefix(2 * Identifier.count)) }).sorted()
  }

  package static func removeLeftovers(at path: String) throws(StoreError) {
    SQLiteDraft.removeLeftovers(of: try SQLitePath(path), mark)
  }
}
