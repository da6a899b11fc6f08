internal import CZlib

/// Decompresses deflate and gzip through zlib, piece by piece. The data is no secret.
@safe package struct Inflater: ~Copyable {
  /// True if this machine has zlib.
  package static var isThere: Bool { czlib_is_there() == 1 }

  package enum Format: Sendable {
    /// Deflate without a wrapper, as in a zip archive.
    case raw
    /// One member of a gzip file, with its checksum verified.
    case gzip
  }

  package enum Failure: Error {
    /// The data is damaged, or not in this format.
    case broken
    case noMemory
  }

  private let stream: OpaquePointer
  /// True once the stream has ended. Bytes behind its end are not part of it.
  package private(set) var isAtEnd = false

  /// Begins a stream. Throws if there is no zlib or no memory.
  package init(_ format: Format) throws(Failure) {
    guard let made = unsafe czlib_begin(Int32(format == .gzip ? CZLIB_GZIP : CZLIB_RAW)) else {
      throw .noMemory
    }
    unsafe stream = made
  }

  deinit { unsafe czlib_end(stream) }

  /// Decompresses some input.
  /// - Returns: At most `room` bytes of output, and how many bytes of `input` were used. If both are none, more input
  ///   is needed.
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
