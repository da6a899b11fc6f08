internal import CUnix
internal import Glibc

/// A file whose content is no secret.
public enum OpenFile {
  /// All of it. Nil where there is none; a symbolic link is not followed, and what is no file (a pipe would wait for ever)
  /// is not read.
  public static func read(_ path: String, limit: Int) throws(InputError) -> [UInt8]? {
    let opened = unsafe path.withCString { unsafe cunix_open($0, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0) }
    if -opened == ENOENT { return nil }
    guard opened >= 0 else { throw .cannotOpen(SystemError(code: -opened)) }
    defer { close(opened) }
    var status = stat()
    guard unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .cannotRead(SystemError(code: EINVAL))
    }
    var bytes: [UInt8] = []
    while true {
      var failure: SystemError?
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { room, filled in
        var got = unsafe Glibc.read(opened, room.baseAddress, room.count)
        while got < 0, errno == EINTR { got = unsafe Glibc.read(opened, room.baseAddress, room.count) }
        if got < 0 { failure = .last }
        filled = max(0, got)
      }
      if let failure { throw .cannotRead(failure) }
      if chunk.isEmpty { return bytes }
      bytes += chunk
      guard bytes.count <= limit else { throw .tooLong(limit: limit) }
    }
  }
}
