package import CustodySecrets
package import CustodyValues
internal import CUnix
internal import Glibc

/// Writes values with `write(2)`, from the memory that holds them. `print` silently loses them on a full disk.
package enum Output {
  package static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
    if let error = unsafe bytes.withUnsafeBytes({ unsafe DescriptorWriting.writeAll($0, to: descriptor) }) {
      throw error
    }
  }

  package static func write(_ secret: borrowing SecureBytes, to descriptor: Int32) throws(SystemError) {
    if let error = unsafe secret.withUnsafeBytes({ unsafe DescriptorWriting.writeAll($0, to: descriptor) }) {
      throw error
    }
  }

  package static func write(_ text: String, to descriptor: Int32) throws(SystemError) {
    try write([UInt8](text.utf8), to: descriptor)
  }

  /// True if the descriptor is open for writing. A standard descriptor that was closed when this process began is
  /// not.
  package static func isWritable(_ descriptor: Int32) -> Bool {
    let flags = fcntl(descriptor, F_GETFL)
    return flags >= 0 && flags & O_ACCMODE != O_RDONLY
  }

  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// True if this process is in the foreground of the terminal behind the descriptor, so that whoever types there
  /// sees it.
  package static func isForeground(_ descriptor: Int32) -> Bool { tcgetpgrp(descriptor) == getpgrp() }

  /// The width in columns of the terminal behind the descriptor, or nil.
  package static func columns(of descriptor: Int32) -> Int? {
    let columns = Int(cunix_terminal_columns(descriptor))
    return columns > 0 ? columns : nil
  }
}
