internal import Glibc

/// A file's place, with the folder's own links resolved: SQLite then refuses a link in the last part only.
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

  /// Looks at the name only. To open and close the file here would drop the locks of this process's other connections.
  func checkFile() throws(StoreError) {
    var status = stat()
    guard unsafe lstat(text, &status) == 0 else { throw .system(errno) }
    switch status.st_mode & S_IFMT {
    // SQLite would take it for a new database, and remove the log beside it.
    case S_IFREG: guard status.st_size > 0 else { throw .notAVault }
    case S_IFLNK: throw .symlink
    default: throw .notAVault
    }
    try checkSiblings()
  }

  /// Whatever it is: also a link that leads nowhere.
  func isTaken() throws(StoreError) -> Bool {
    var status = stat()
    if unsafe lstat(text, &status) == 0 { return true }
    guard errno == ENOENT else { throw .system(errno) }
    return false
  }

  /// SQLite opens what lies beside the file under these names: a link leads elsewhere, and a pipe waits for ever. A rollback
  /// journal, which would be played into the file before anything is read of it, no vault has.
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

  /// The write-ahead log's name.
  var log: String { text + "-wal" }

  var logSize: Int {
    var status = stat()
    return unsafe lstat(log, &status) == 0 ? Int(status.st_size) : 0
  }

  /// The file is a copy of itself with what was in its log; then it has no log. At each moment it has all of its rows: the
  /// copy changes nothing by what the log says of it. `copy` stays, and `draft` is a name for a moment.
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

  /// Takes back a file that was just made. The file goes last: what lies beside it is then known to be its own.
  func remove() {
    removeSiblings()
    unsafe unlink(text)
  }

  func removeSiblings() { for suffix in Self.suffixes { unsafe unlink(text + suffix) } }
}
