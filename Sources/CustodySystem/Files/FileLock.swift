internal import CustodyValues
internal import CUnix
internal import Glibc

/// A lock under which one process at a time reads and replaces the files beside it.
package enum FileLock {
  /// The most tries for the lock, 10 ms apart. Work under it takes milliseconds, so a process that holds it longer was stopped.
  private static let patience = 200

  package static func hold<R>(_ path: String, _ body: () throws -> R) throws -> R {
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    let opened = unsafe path.withCString { unsafe cunix_open($0, flags, 0o600) }
    guard opened >= 0 else { throw SystemError(code: -opened) }
    defer { close(opened) }
    var tries = 0
    while flock(opened, LOCK_EX | LOCK_NB) != 0 {
      let error = SystemError.last
      guard error.code == EWOULDBLOCK || error.code == EINTR, tries < patience else { throw error }
      tries += 1
      usleep(10_000)
    }
    return try body()
  }
}
