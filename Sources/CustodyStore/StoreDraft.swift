package import CustodyValues

/// A vault that is being founded, beside its place: it has its name once it is whole, and leaves nothing if it never is. What a
/// process leaves that was killed is known by its name, which has the vault's ID in it.
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

  /// Nothing may be asked of its store after it.
  package func finish() throws(StoreError) {
    // To close would copy the log too, and say nothing where it can't, as on a full disk.
    try store.emptyLog()
    store.close()
    try draft.take(place)
  }

  /// Vaults whose founding was cut off here. Not those that another process is founding now.
  package static func leftovers(at path: String) throws(StoreError) -> [Identifier] {
    let names = SQLiteDraft.leftovers(of: try SQLitePath(path), mark)
    return Set(names.compactMap { Identifier(hex: $0.utf8.prefix(2 * Identifier.count)) }).sorted()
  }

  package static func removeLeftovers(at path: String) throws(StoreError) {
    SQLiteDraft.removeLeftovers(of: try SQLitePath(path), mark)
  }
}
