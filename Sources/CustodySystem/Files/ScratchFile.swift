package import CustodyValues
internal import CUnix
internal import Glibc

/// An unnamed temporary file, for unpacked data. Nobody else can open it, and it ends with the process. Its content
/// is no secret.
package struct ScratchFile: ~Copyable {
  private let descriptor: Int32
  package private(set) var size = 0

  /// The folder that holds the file, for the message that it is full.
  package let folder: String

  /// Makes the file in `TMPDIR`, or in a folder that is meant for large files: `/tmp` is in memory on many machines.
  package init() throws(SystemError) {
    var failure = SystemError(code: ENOENT)
    for folder in [Environment.value("TMPDIR"), "/var/tmp", "/tmp"].compactMap({ $0 }) where folder.hasPrefix("/") {
      let made = unsafe folder.withCString { unsafe cunix_scratch_file($0) }
      if made >= 0 {
        (descriptor, self.folder) = (made, folder)
        return
      }
      failure = SystemError(code: -made)
    }
    throw failure
  }

  deinit { close(descriptor) }

  package mutating func write(_ bytes: [UInt8]) throws(SystemError) {
    try Output.write(bytes, to: descriptor)
    size += bytes.count
  }

  /// A reader of the bytes written so far.
  package borrowing func reader() throws(SystemError) -> FileReader {
    let copy = cunix_duplicate(descriptor, 3)
    guard copy >= 0 else { throw SystemError(code: -copy) }
    return FileReader(descriptor: copy, size: size)
  }
}
