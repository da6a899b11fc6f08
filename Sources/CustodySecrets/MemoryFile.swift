package import CustodyValues
internal import CUnix
internal import Glibc

/// A secret in a file of the kernel's that has no name in any folder (memfd): it goes with the last descriptor of it, and
/// nobody can change it any more. Its pages can be swapped out, which a `SecureBytes` can't be.
package struct MemoryFile: ~Copyable {
  package let descriptor: Int32

  /// On a number that is at least `lowest`.
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

  /// For the program that replaces this one, at that number. What was there is closed.
  package borrowing func place(at number: Int32) throws(SystemError) {
    guard dup2(descriptor, number) == number else { throw .last }
  }
}
