internal import CustodySystem
internal import CustodyValues
internal import Glibc

/// A database that is being made under a temporary name. The process that makes it holds a lock on it, by which a
/// draft that a killed process left is recognized.
final class SQLiteDraft {
  let path: SQLitePath
  private var descriptor: Int32

  /// Makes the file. Its name is the place's own name, followed by `mark` and `name`.
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

  /// Puts the draft in its place, once it is durable. The replaced file and its log are removed first, because that log
  /// must not be taken for the draft's.
  func replace(_ place: SQLitePath) throws(StoreError) {
    guard fdatasync(descriptor) == 0 else { throw .system(errno) }
    place.remove()
    guard unsafe rename(path.text, place.text) == 0 else { throw .system(errno) }
    leave()
  }

  /// Puts the draft in its place, if no file has the name. The name is made durable too.
  func take(_ place: SQLitePath) throws(StoreError) {
    guard !path.hasWriteAheadLog else { throw .full }
    path.removeSiblings()
    guard fsync(descriptor) == 0 else { throw .system(errno) }
    do throws(SystemError) { try Folder.rename(path.text, toNew: place.text) } catch { throw .system(error.code) }
    do { try place.synchronizeFolder() } catch {
      // The name may not last, so the rename is undone.
      unsafe _ = rename(place.text, path.text)
      throw error
    }
    leave()
  }

  /// Puts the draft in the place of a file whose own write-ahead log is gone. The name is made durable too. A
  /// connection to the replaced file can still read it.
  func takeOver(_ place: SQLitePath) throws(StoreError) {
    guard !path.hasWriteAheadLog else { throw .full }
    guard place.isWritable else { throw .readOnly }
    // Everyone who could open the old file can open the new one.
    var old = stat()
    if unsafe lstat(place.text, &old) == 0 {
      _ = fchown(descriptor, old.st_uid, old.st_gid)
      _ = fchmod(descriptor, old.st_mode & 0o777)
    }
    guard fsync(descriptor) == 0 else { throw .system(errno) }
    // Its own log is in the file, and nobody else has it open.
    path.removeSiblings()
    place.removeSiblings()
    guard unsafe rename(path.text, place.text) == 0 else { throw .system(errno) }
    leave()
    try place.synchronizeFolder()
  }

  /// True once the draft has its place.
  var hasLeft: Bool { descriptor == -1 }

  /// Gives up the draft, which has its place now. No connection to it may be open, because closing the file drops the
  /// process's locks on it.
  private func leave() {
    close(descriptor)
    descriptor = -1
  }

  // MARK: Leftovers

  /// Names of drafts that no living process is making.
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

  /// The part behind the mark in the names of drafts, and of SQLite's files beside them.
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
