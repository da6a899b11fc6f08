internal import CustodyValues
internal import CUnix
internal import Glibc

/// Reads input that is no secret, such as a template, from a file, a pipe or a device.
package enum PlainInput {
  package static func file(_ path: String, limit: Int) throws(InputError) -> [UInt8] {
    let opened = unsafe path.withCString { unsafe cunix_open($0, O_RDONLY | O_CLOEXEC, 0) }
    guard opened >= 0 else { throw .cannotOpen(SystemError(code: -opened)) }
    defer { close(opened) }
    return try read(descriptor: opened, limit: limit)
  }

  /// Reads up to the end, at most `limit` bytes. The descriptor stays open.
  package static func read(descriptor: Int32, limit: Int) throws(InputError) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      var failure: SystemError?
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { room, filled in
        var got = unsafe Glibc.read(descriptor, room.baseAddress, room.count)
        while got < 0, errno == EINTR { got = unsafe Glibc.read(descriptor, room.baseAddress, room.count) }
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
