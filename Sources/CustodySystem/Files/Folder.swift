package import CustodyValues
internal import CUnix
internal import Glibc

package enum Folder {
  /// The folder in which a path's last name stands.
  package static func of(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes a folder and its missing parents, each with mode 0700 from its first moment. Existing folders stay as they
  /// are.
  package static func makePrivate(_ path: String) throws(SystemError) {
    guard unsafe path.withCString({ unsafe mkdir($0, 0o700) }) != 0 else { return }
    let failure = SystemError.last
    if failure.isAlreadyThere { return }
    guard failure.code == ENOENT, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.startIndex
    else { throw failure }
    try makePrivate(String(path[..<slash]))
    guard unsafe path.withCString({ unsafe mkdir($0, 0o700) }) == 0 || errno == EEXIST else { throw .last }
  }

  /// Makes the names in a folder durable.
  package static func synchronize(_ path: String) throws(SystemError) {
    let opened = unsafe path.withCString { unsafe cunix_open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
    guard opened >= 0 else { throw SystemError(code: -opened) }
    defer { close(opened) }
    guard fsync(opened) == 0 else { throw .last }
  }
}
