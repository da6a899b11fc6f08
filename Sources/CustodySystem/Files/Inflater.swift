internal import CZlib

/// Undoes deflate and gzip by zlib, piece by piece. What it reads is no secret.
@safe package struct Inflater: ~Copyable {
  /// Whether this machine has zlib.
  package static var isThere: Bool { czlib_is_there() == 1 }

  package enum Format: Sendable {
    /// Deflate alone, as in a zip archive.
    case raw
    /// One member of a gzip file; its checksum is checked.
    case gzip
  }

  package enum Failure: Error {
    /// Not compressed so, or damaged.
    case broken
    case noMemory
  }

  private let stream: OpaquePointer
  /// The stream's last byte was read: what follows is not part of it.
  package private(set) var isAtEnd = false

  /// Where there is no zlib, or no memory, it fails.
  package init(_ format: Format) throws(Failure) {
    guard let made = unsafe czlib_begin(Int32(format == .gzip ? CZLIB_GZIP : CZLIB_RAW)) else {
      throw .noMemory
    }
    unsafe stream = made
  }

  deinit { unsafe czlib_end(stream) }

  /// At most `room` bytes of what came out, and how many bytes of `input` it took. Nothing taken and nothing out means that
  /// it needs more input.
  package mutating func inflate(
    _ input: ArraySlice<UInt8>, room: Int = 1 << 18
  ) throws(Failure) -> (taken: Int, output: [UInt8]) {
    var (taken, code) = (0, Int32(0))
    let output = unsafe [UInt8](unsafeUninitializedCapacity: room) { place, written in
      unsafe input.withUnsafeBytes { input in
        code = unsafe czlib_inflate(
          stream, input.baseAddress, input.count, &taken, place.baseAddress, room, &written)
      }
    }
    switch code {
    case Int32(CZLIB_MORE): break
    case Int32(CZLIB_END): isAtEnd = true
    case Int32(CZLIB_NO_MEMORY): throw .noMemory
    default: throw .broken
    }
    return (taken, output)
  }
}
