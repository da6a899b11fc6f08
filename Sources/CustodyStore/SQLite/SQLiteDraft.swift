internal import CustodySystem
internal import CustodyValues
internal import Glibc

/// The name under which a database is made before it takes its place: locked by who makes it, so that one that was left
/// behind by a process that was killed is known for it.
final class SQLiteDraft {
  let path: SQLitePath
  private var descriptor: Int32

  /// `mark` and `name` go behind the place's own name.
  init(beside place: SQLitePath, _ mark: String, named name: String) throws(StoreError) {
    path = SQLitePath(sibling: place.text + mark + name, of: place)
    descriptor = unsafe open(path.text, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(errno) }
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
  }

  deinit {
    guard descriptor >= 0 else { return }
    path.remove()
    close(descriptor)
  }

  /// Durable before it has the name, and then another's log must not be taken for its own.
  func replace(_ place: SQLitePath) throws(StoreError) {
    guard fdatasync(descriptor) == 0 else { throw .system(errno) }
    place.remove()
    guard unsafe rename(path.text, place.text) == 0 else { throw .system(errno) }
    leave()
  }

  /// As above, but nothing that has the name is replaced; and the name is durable too.
  func take(_ place: SQLitePath) throws(StoreError) {
    guard !path.hasWriteAheadLog else { throw .full }
    path.removeSiblings()
    guard fsync(descriptor) == 0 else { throw .system(errno) }
    do throws(SystemError) { try Folder.rename(path.text, toNew: place.text) } catch { throw .system(error.code) }
    do { try place.synchronizeFolder() } catch {
      // The name may not last: what failed is undone, and leaves nothing.
      unsafe _ = rename(place.text, path.text)
      throw error
    }
    leave()
  }

  /// As `replace`, for a file whose own log is gone; and the name is durable too. A connection to it may read on.
  func takeOver(_ place: SQLitePath) throws(StoreError) {
    guard !path.hasWriteAheadLog else { throw .full }
    guard place.isWritable else { throw .readOnly }
    // Whoever could open the old one can open this.
    var old = stat()
    if unsafe lstat(place.text, &old) == 0 {
      _ = fchown(descriptor, old.st_uid, old.st_gid)
      _ = fchmod(descriptor, old.st_mode & 0o777)
    }
    guard fsync(descriptor) == 0 else { throw .system(errno) }
    // Its own log is in the file, and nobody else knows of it.
    path.removeSiblings()
    place.removeSiblings()
    guard unsafe rename(path.text, place.text) == 0 else { throw .system(errno) }
    leave()
    try place.synchronizeFolder()
  }

  /// It has its place. No connection may be open: to close the file drops this process's locks on it.
  private func leave() {
    close(descriptor)
    descriptor = -1
  }

  // MARK: Leftovers

  /// Names of drafts that nobody is making any more.
  static func leftovers(of place: SQLitePath, _ mark: String) -> [String] {
    let names = names(of: place, mark)
    return names.filter { name in
      guard !isSibling(name) else { return !names.contains(stem(name)) }
      return isLeft(SQLitePath(sibling: place.text + mark + name, of: place))
    }
  }

  static func removeLeftovers(of place: SQLitePath, _ mark: String) {
    for name in leftovers(of: place, mark) { SQLitePath(sibling: place.text + mark + stem(name), of: place).remove() }
  }

  /// Of drafts and of what SQLite made beside them: what follows the mark.
  private static func names(of place: SQLitePath, _ mark: String) -> [String] {
    guard let slash = place.text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return [] }
    let prefix = place.text[place.text.utf8.index(after: slash)...] + mark
    let names = (try? Folder.names(in: String(place.text[...slash]))) ?? []
    return names.filter { $0.utf8.starts(with: prefix.utf8) }.map {
      String(decoding: $0.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
  }

  private static func isSibling(_ name: String) -> Bool { name.utf8.contains(UInt8(ascii: "-")) }

  private static func stem(_ name: String) -> String { String(name.prefix { $0 != "-" }) }

  private static func isLeft(_ draft: SQLitePath) -> Bool {
    let found = unsafe open(draft.text, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
    guard found >= 0 else { return false }
    defer { close(found) }
    return flock(found, LOCK_EX | LOCK_NB) == 0
  }
}
