internal import CUnix
internal import Glibc

/// One process at a time reads and replaces what stands beside the lock.
public enum FileLock {
  public static func hold<R>(_ path: String, _ body: () throws -> R) throws -> R {
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC
    let opened = unsafe path.withCString { unsafe cunix_open($0, flags, 0o600) }
    guard opened >= 0 else { throw SystemError(code: -opened) }
    defer { close(opened) }
    while flock(opened, LOCK_EX) != 0 { guard errno == EINTR else { throw SystemError.last } }
    return try body()
  }
}
