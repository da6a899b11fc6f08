package import CustodyValues
internal import CUnix
internal import Glibc

/// A file that is read in parts, at any offset. Its content is no secret.
package final class FileReader {
  private let descriptor: Int32
  package let size: Int

  /// Opens a plain file. A symbolic link is an error unless `followsLink` is true.
  package init(_ path: String, followsLink: Bool = false) throws(SystemError) {
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLink ? 0 : O_NOFOLLOW)
    let opened = unsafe path.withCString { unsafe cunix_open($0, flags, 0) }
    guard opened >= 0 else { throw SystemError(code: -opened) }
    descriptor = opened
    var status = stat()
    guard unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      size = 0
      throw SystemError(code: EINVAL)
    }
    size = Int(status.st_size)
  }

  /// Takes an open descriptor, which this closes in the end.
  init(descriptor: Int32, size: Int) { (self.descriptor, self.size) = (descriptor, size) }

  deinit { close(descriptor) }

  /// Reads `count` bytes; fewer only at the end of the file.
  package func read(at offset: Int, count: Int) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let wanted = max(0, min(count, size - offset))
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { room, filled in
      while filled < wanted {
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(room)[filled...])
        let got = unsafe pread(descriptor, rest.baseAddress, wanted - filled, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = .last }
        if got <= 0 { return }
        filled += got
      }
    }
    if let failure { throw failure }
    return bytes
  }
}

/// Part of a file, line by line. A line ends in LF; bytes behind the last LF are a line too.
package struct FileLines {
  package struct TooLong: Error {}

  package static let limit = 1 << 22
  private let file: FileReader
  private let end: Int
  private var position: Int
  private var buffer: ArraySlice<UInt8> = []

  package init(_ file: FileReader, from start: Int = 0, count: Int? = nil) {
    (self.file, position) = (file, start)
    end = count.map { start + $0 } ?? file.size
  }

  /// The next line with its LF, or nil at the end.
  package mutating func next() throws -> [UInt8]? {
    var searched = 0
    while true {
      if let place = buffer.dropFirst(searched).firstIndex(of: 0x0a) {
        let line = Array(buffer[...place])
        buffer = buffer[(place + 1)...]
        return line
      }
      searched = buffer.count
      guard searched <= Self.limit else { throw TooLong() }
      let more = try file.read(at: position, count: min(1 << 16, end - position))
      position += more.count
      if more.isEmpty {
        defer { buffer = [] }
        return buffer.isEmpty ? nil : Array(buffer)
      }
      buffer = (Array(buffer) + more)[...]
    }
  }
}
