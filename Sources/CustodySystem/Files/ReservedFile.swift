package import CustodyValues
internal import CUnix
internal import Glibc

/// A file whose room on the disk is taken before it is needed: what is written into it later needs no more.
package final class ReservedFile {
  private let descriptor: Int32
  private let count: Int

  /// The one that is there, or a new one of zero bytes, readable by its owner only.
  package init(path: String, count: Int) throws(SystemError) {
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    let opened = unsafe path.withCString { unsafe cunix_open($0, flags, 0o600) }
    guard opened >= 0 else { throw SystemError(code: -opened) }
    (descriptor, self.count) = (opened, count)
    var status = stat()
    guard unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw SystemError(code: EINVAL)
    }
    guard status.st_size < count else { return }
    let code = posix_fallocate(opened, 0, off_t(count))
    guard code == 0 else { throw SystemError(code: code) }
    guard fsync(opened) == 0 else { throw .last }
    if let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) { try Folder.synchronize(String(path[..<slash])) }
  }

  deinit { close(descriptor) }

  /// In place, from the first byte on; durable when it returns.
  package func overwrite(_ bytes: [UInt8]) throws(SystemError) {
    guard bytes.count <= count else { throw SystemError(code: EFBIG) }
    var written = 0
    while written < bytes.count {
      let wrote = unsafe bytes.withUnsafeBytes {
        unsafe pwrite(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written, off_t(written))
      }
      if wrote < 0, errno == EINTR { continue }
      guard wrote > 0 else { throw .last }
      written += wrote
    }
    guard fdatasync(descriptor) == 0 else { throw .last }
  }
}
