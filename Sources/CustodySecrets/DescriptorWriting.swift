package import CustodyValues
internal import Glibc

/// Writes whole values with `write(2)`, straight from the memory that holds them.
package enum DescriptorWriting {
  package static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> SystemError? {
    var done = 0
    while done < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
      let put = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      if put >= 0 { done += put } else if errno != EINTR { return .last }
    }
    return nil
  }
}
