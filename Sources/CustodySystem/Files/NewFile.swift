package import CustodySecrets
package import CustodyValues
internal import CUnix
internal import Glibc

/// A new file that appears under its name complete and durable, or not at all, and that only its owner can read.
///
/// Until `commit` it has no name, so a killed process leaves nothing. If the file system has no unnamed files, or if
/// it replaces a file, it is written under another name in the same folder, which is removed unless it is committed.
package struct NewFile: ~Copyable {
  private let path: String
  private let draft: String?
  private let replaces: Bool
  private let descriptor: Int32
  private var isInPlace = false

  /// Begins a file. A name that is taken, also by a dangling link, is an error unless `replacing` is true.
  package init(path: String, replacing: Bool = false, mode: UInt32 = 0o600) throws(SystemError) {
    if !replacing, try FileStatus.ifPresent(path) != nil { throw SystemError(code: EEXIST) }
    let folder = Folder.of(path)
    let nameless = replacing ? -1 : unsafe folder.withCString { unsafe cunix_nameless_file($0, mode) }
    if nameless >= 0 {
      (self.path, draft, replaces, descriptor) = (path, nil, replacing, nameless)
      return
    }
    let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
    let draft = "\(folder)/.\(name).\(try Folder.randomName())"
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let opened = unsafe draft.withCString { unsafe cunix_open($0, flags, mode) }
    guard opened >= 0 else { throw SystemError(code: -opened) }
    (self.path, self.draft, replaces, descriptor) = (path, draft, replacing, opened)
  }

  deinit {
    close(descriptor)
    if !isInPlace, let draft { unsafe _ = draft.withCString { unsafe unlink($0) } }
  }

  package borrowing func write(_ bytes: [UInt8]) throws(SystemError) { try Output.write(bytes, to: descriptor) }

  package borrowing func write(_ secret: borrowing SecureBytes) throws(SystemError) {
    try Output.write(secret, to: descriptor)
  }

  /// The effect that a power cut may have on a file after it got its name.
  package enum Durability: Sendable {
    /// None.
    case durable
    /// The replaced file may come back, but never a mixture of both.
    case whole
    /// Any: the file is a cache.
    case none
  }

  package consuming func commit(_ durability: Durability = .durable) throws(SystemError) {
    guard durability == .none || fsync(descriptor) == 0 else { throw .last }
    let code = putInPlace()
    guard code == 0 else { throw SystemError(code: code) }
    isInPlace = true
    if durability == .durable { try Folder.synchronize(Folder.of(path)) }
  }

  private borrowing func putInPlace() -> Int32 {
    unsafe path.withCString { to in
      guard let draft else { return unsafe cunix_name_file(descriptor, to) }
      return unsafe draft.withCString { from in
        if !replaces { return unsafe cunix_rename_new(from, to) }
        return unsafe rename(from, to) == 0 ? 0 : errno
      }
    }
  }
}
