internal import Glibc

/// The path of a database, with symbolic links in its folder resolved. SQLite then has to refuse a link in the last
/// part only.
struct SQLitePath {
  let text: String
  private let folder: String

  init(_ path: String) throws(StoreError) {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let name = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
    let parent = slash.map { String(path[...$0]) } ?? "."
    guard !name.isEmpty, !path.utf8.contains(0) else { throw .notFound }
    guard let resolved = unsafe realpath(parent, nil) else { throw .system(errno) }
    defer { unsafe free(resolved) }
    folder = unsafe String(cString: resolved)
    text = (folder == "/" ? "" : folder) + "/" + name
  }

  /// Another name in the same folder.
  init(sibling text: String, of path: SQLitePath) { (self.text, folder) = (text, path.folder) }

  /// Makes the names in the folder durable.
  func synchronizeFolder() throws(StoreError) {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .system(errno) }
  }

  var uri: String {
    var escaped = "file:"
    for byte in text.utf8 {
      let plain =
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "%") && byte != UInt8(ascii: "?")
        && byte != UInt8(ascii: "#")
      escaped += plain ? String(UnicodeScalar(byte)) : "%" + Self.hex(byte)
    }
    return escaped
  }

  private static func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }

  /// Checks that the path is a plain file, by its name only. Opening and closing the file here would drop the locks
  /// of this process's other connections.
  func checkFile() throws(StoreError) {
    var status = stat()
    guard unsafe lstat(text, &status) == 0 else { throw .system(errno) }
    switch status.st_mode & S_IFMT {
    // SQLite would take an empty file for a new database, and remove the log beside it.
    case S_IFREG: guard status.st_size > 0 else { throw .notAVault }
    case S_IFLNK: throw .symlink
    default: throw .notAVault
    }
    try checkSiblings()
  }

  /// True if anything has this name, even a link that leads nowhere.
  func isTaken() throws(StoreError) -> Bool {
    var status = stat()
    if unsafe lstat(text, &status) == 0 { return true }
    guard errno == ENOENT else { throw .system(errno) }
    return false
  }

  /// Refuses files beside the database that SQLite would open: a link leads elsewhere, a pipe blocks for ever. It
  /// also refuses a rollback journal, which SQLite would apply to the file before reading it; no vault has one.
  private func checkSiblings() throws(StoreError) {
    for suffix in Self.suffixes {
      var status = stat()
      guard unsafe lstat(text + suffix, &status) == 0 else { continue }
      guard suffix != "-journal", status.st_mode & S_IFMT == S_IFREG else { throw .inTheWay(text + suffix) }
    }
  }

  private static let suffixes = ["-wal", "-shm", "-journal"]

  func checkFolder(_ options: SQLiteOptions) throws(StoreError) {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(errno) }
    defer { close(descriptor) }
    if options.isNetworkFileSystem(descriptor) { throw .networkFileSystem }
  }

  var isWritable: Bool { unsafe access(text, W_OK) == 0 && access(folder, W_OK) == 0 }

  var hasWriteAheadLog: Bool { logSize > 0 }

  /// The path of the write-ahead log.
  var log: String { text + "-wal" }

  var logSize: Int {
    var status = stat()
    return unsafe lstat(log, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Replaces the file by a copy of itself that includes its log, and then removes the log. The file has all of its
  /// rows at every moment, because the log changes nothing in the copy. `copy` stays; `draft` is a temporary name.
  func become(copyOf copy: String, draft: String) throws(StoreError) {
    unsafe unlink(draft)
    guard unsafe link(copy, draft) == 0 else { throw .system(errno) }
    guard unsafe rename(draft, text) == 0 else {
      let code = errno
      unsafe unlink(draft)
      throw .system(code)
    }
    try synchronizeFolder()
    removeSiblings()
    try synchronizeFolder()
  }

  /// Removes a file that was just made. The file itself goes last, so that files beside it are still known to be its
  /// own.
  func remove() {
    removeSiblings()
    unsafe unlink(text)
  }

  func removeSiblings() { for suffix in Self.suffixes { unsafe unlink(text + suffix) } }
}
