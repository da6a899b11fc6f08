package import CustodyValues
internal import Glibc

/// `write(2)` of whole values, from the memory that they lie in.
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
