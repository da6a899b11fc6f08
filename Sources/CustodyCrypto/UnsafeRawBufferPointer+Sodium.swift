/// Gives libsodium an `unsigned char *`, which must not be null. A buffer without bytes has an address that is never
/// read.
extension UnsafeRawBufferPointer {
  var unsignedChars: UnsafePointer<UInt8> {
    unsafe (baseAddress ?? nowhere).assumingMemoryBound(to: UInt8.self)
  }
}

extension UnsafeMutableRawBufferPointer {
  var unsignedChars: UnsafeMutablePointer<UInt8> {
    unsafe (baseAddress ?? UnsafeMutableRawPointer(mutating: nowhere)).assumingMemoryBound(to: UInt8.self)
  }
}

private var nowhere: UnsafeRawPointer { unsafe UnsafeRawPointer(bitPattern: 64).unsafelyUnwrapped }
