package import CustodyValues
internal import CUnix
internal import Glibc

/// A secret in an anonymous, sealed file in memory (memfd), which ends with its last descriptor. Nobody can change
/// it. Unlike a `SecureBytes`, its pages can be swapped out.
package struct MemoryFile: ~Copyable {
  package let descriptor: Int32

  /// Copies a secret into a new file, with a descriptor number of at least `lowest`.
  package init(_ secret: borrowing SecureBytes, lowest: Int32) throws(SystemError) {
    let made = unsafe cunix_memory_file("custody")
    guard made >= 0 else { throw SystemError(code: -made) }
    defer { close(made) }
    if let error = unsafe secret.withUnsafeBytes({ unsafe DescriptorWriting.writeAll($0, to: made) }) { throw error }
    let code = cunix_finish_memory_file(made)
    guard code == 0 else { throw SystemError(code: code) }
    let moved = cunix_duplicate(made, lowest)
    guard moved >= 0 else { throw SystemError(code: -moved) }
    descriptor = moved
  }

  deinit { close(descriptor) }

  /// Duplicates the file to descriptor `number`, for the program that replaces this one. A file that had the number
  /// is closed.
  package borrowing func place(at number: Int32) throws(SystemError) {
    guard dup2(descriptor, number) == number else { throw .last }
  }
}
