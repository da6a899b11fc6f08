package import CustodyValues
internal import CUnix
internal import Glibc

/// A file whose space on the disk is allocated in advance, so that a later write into it can't run out of space.
package final class ReservedFile {
  private let descriptor: Int32
  private let count: Int

  /// Opens the file, or makes one of `count` zero bytes that only its owner can read.
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

  /// Overwrites the file from its first byte on. Returns once the bytes are durable.
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
