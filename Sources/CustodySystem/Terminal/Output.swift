package import CustodySecrets
package import CustodyValues
internal import CUnix
internal import Glibc

/// Values on their way out, with `write(2)` from the memory that they lie in. `print` loses them on a full disk and says nothing.
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

  /// Whether the descriptor is open, and not to read only: as one is that was closed where this process began.
  package static func isWritable(_ descriptor: Int32) -> Bool {
    let flags = fcntl(descriptor, F_GETFL)
    return flags >= 0 && flags & O_ACCMODE != O_RDONLY
  }

  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Whether it is the terminal that this process has, and not in the background of: whoever types there looks at it.
  package static func isForeground(_ descriptor: Int32) -> Bool { tcgetpgrp(descriptor) == getpgrp() }

  /// The width of the terminal behind the descriptor, where there is one and it knows.
  package static func columns(of descriptor: Int32) -> Int? {
    let columns = Int(cunix_terminal_columns(descriptor))
    return columns > 0 ? columns : nil
  }
}
