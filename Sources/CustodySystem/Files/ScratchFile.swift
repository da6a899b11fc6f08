package import CustodyValues
internal import CUnix
internal import Glibc

/// A file without a name, for what is unpacked: nobody else opens it, and it goes with the process. Its content is no secret.
package struct ScratchFile: ~Copyable {
  private let descriptor: Int32
  package private(set) var size = 0

  /// The folder that it was made in, to say where there was no room.
  package let folder: String

  /// In `TMPDIR`, else where large files are meant to be: `/tmp` is memory on many machines.
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

  /// What was written so far, to be read.
  package borrowing func reader() throws(SystemError) -> FileReader {
    let copy = cunix_duplicate(descriptor, 3)
    guard copy >= 0 else { throw SystemError(code: -copy) }
    return FileReader(descriptor: copy, size: size)
  }
}
