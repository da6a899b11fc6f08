internal import CustodyValues
internal import CUnix
internal import Glibc

/// Reads files whose content is no secret.
package enum PlainFile {
  /// Reads a whole file; nil if there is none. A symbolic link is not followed, and anything but a plain file is an
  /// error, because a pipe could block for ever.
  package static func read(_ path: String, limit: Int) throws(InputError) -> [UInt8]? {
    let opened = unsafe path.withCString { unsafe cunix_open($0, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0) }
    if -opened == ENOENT { return nil }
    guard opened >= 0 else { throw .cannotOpen(SystemError(code: -opened)) }
    defer { close(opened) }
    var status = stat()
    guard unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotRead(SystemError(code: EINVAL))
    }
    return try PlainInput.read(descriptor: opened, limit: limit)
  }
}
