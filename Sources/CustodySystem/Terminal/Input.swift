package import CustodySecrets
package import CustodyValues
internal import CUnix
internal import Glibc

package enum InputError: Error, Equatable, Sendable {
  case cannotOpen(SystemError)
  case cannotRead(SystemError)
  case tooLong(limit: Int)
  /// The path leads to a folder, a pipe or a device.
  case notPlainFile
  /// Other users can read the file, so a key in it is no secret.
  case notPrivate(mode: UInt32)
  case outOfMemory
}

/// Reads secrets from a descriptor with `read(2)`, straight into guarded memory, byte for byte.
package enum Input {
  package static func standardInput(limit: Int) throws(InputError) -> SecureBytes {
    try read(descriptor: STDIN_FILENO, limit: limit)
  }

  package static func file(_ path: String, limit: Int) throws(InputError) -> SecureBytes {
    let opened = unsafe path.withCString { unsafe cunix_open($0, O_RDONLY | O_CLOEXEC, 0) }
    guard opened >= 0 else { throw .cannotOpen(SystemError(code: -opened)) }
    defer { close(opened) }
    return try read(descriptor: opened, limit: limit)
  }

  /// Reads a plain file that belongs to this user or root, and that nobody else can read or write. For a systemd
  /// credential (`isCredential`) the group may read it, because systemd gives a service that right through an access
  /// list.
  package static func privateFile(
    _ path: String, limit: Int, isCredential: Bool = false
  ) throws(InputError) -> SecureBytes {
    let opened = unsafe path.withCString { unsafe cunix_open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0) }
    guard opened >= 0 else { throw .cannotOpen(SystemError(code: -opened)) }
    defer { close(opened) }
    var status = stat()
    guard unsafe fstat(opened, &status) == 0 else { throw .cannotRead(.last) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notPlainFile }
    let others: mode_t = isCredential ? 0o037 : 0o077
    guard status.st_mode & others == 0, status.st_uid == geteuid() || status.st_uid == 0 else {
      throw .notPrivate(mode: status.st_mode & 0o777)
    }
    return try read(descriptor: opened, limit: limit)
  }

  /// Reads up to the end, at most `limit` bytes. The descriptor stays open.
  package static func read(descriptor: Int32, limit: Int) throws(InputError) -> SecureBytes {
    do {
      // One byte more than allowed tells a full buffer from too long a value.
      var buffer = try SecureBytes(count: min(limit + 1, 4096))
      var count = 0
      while true {
        let got = unsafe buffer.withUnsafeMutableBytes { room in
          unsafe readOnce(descriptor, UnsafeMutableRawBufferPointer(rebasing: room[count...]))
        }
        guard got >= 0 else { throw InputError.cannotRead(.last) }
        if got == 0 { return try buffer.slice(0..<count) }
        count += got
        guard count <= limit else { throw InputError.tooLong(limit: limit) }
        if count == buffer.count { buffer = try grown(buffer, to: min(limit + 1, 2 * count)) }
      }
    } catch let error as InputError {
      throw error
    } catch {
      throw .outOfMemory
    }
  }

  private static func readOnce(_ descriptor: Int32, _ room: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let got = unsafe Glibc.read(descriptor, room.baseAddress, room.count)
      if got >= 0 || errno != EINTR { return got }
    }
  }

  /// A larger buffer with the same bytes. The caller's smaller one is wiped at the end of its owner.
  private static func grown(_ small: borrowing SecureBytes, to count: Int) throws(SecureMemoryError) -> SecureBytes {
    var large = try SecureBytes(count: count)
    unsafe small.withUnsafeBytes { source in
      unsafe large.withUnsafeMutableBytes { unsafe $0.copyMemory(from: source) }
    }
    return large
  }
}

extension SecureBytes {
  /// A copy without one newline (LF or CR LF) at its end, as an editor or `echo` puts there.
  package borrowing func withoutTrailingNewline() throws(SecureMemoryError) -> SecureBytes {
    let kept = unsafe withUnsafeBytes { bytes in
      guard unsafe bytes.last == 0x0A else { return bytes.count }
      return unsafe bytes.dropLast().last == 0x0D ? bytes.count - 2 : bytes.count - 1
    }
    return try slice(0..<kept)
  }
}
