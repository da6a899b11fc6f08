internal import CustodySystem
internal import CustodyValues

/// A writer of decompressed bytes into a nameless temporary file. It limits them in proportion to the input, since a
/// few bytes can stand for terabytes.
struct Unpacking: ~Copyable {
  private static let most = 8 << 30
  private static let freely = 64 << 20
  private static let ratio = 100
  private static let chunk = 1 << 16

  private var scratch: ScratchFile
  private let limit: Int

  /// `size` is the compressed file's, in bytes.
  init(of size: Int, limit: Int? = nil) throws {
    guard Inflater.isThere else { throw ArchiveFault.zlibMissing }
    scratch = try ScratchFile()
    self.limit = limit ?? min(Self.most, Self.freely + Self.ratio * min(size, Self.most))
  }

  var size: Int { scratch.size }

  func check(room wanted: Int) throws {
    guard wanted <= limit - scratch.size else { throw ArchiveFault.tooLarge(limit: limit) }
  }

  private mutating func write(_ bytes: [UInt8]) throws {
    try check(room: bytes.count)
    try scratch.put(bytes)
  }

  /// Decompresses one stream. Returns how many bytes of the slice it took, and the CRC-32 of the output.
  mutating func inflate(
    _ slice: FileSlice, from start: Int = 0, _ format: Inflater.Format
  ) throws -> (taken: Int, checksum: UInt32) {
    var (place, input, checksum) = (start, ArraySlice<UInt8>(), CRC32())
    do {
      var inflater = try Inflater(format)
      while !inflater.isAtEnd {
        if input.isEmpty {
          input = try slice.read(at: place, count: Self.chunk)[...]
          place += input.count
        }
        let (taken, output) = try inflater.inflate(input)
        input = input.dropFirst(taken)
        guard taken > 0 || !output.isEmpty || inflater.isAtEnd else { throw ArchiveFault.damaged("it is cut off") }
        checksum.add(output)
        try write(output)
      }
    } catch let failure as Inflater.Failure {
      guard failure == .broken else { throw EvidenceError(.outOfMemory, "there is no memory to unpack it in") }
      throw ArchiveFault.damaged("it does not decompress")
    }
    return (place - input.count - start, checksum.value)
  }

  /// Everything written so far, as a file.
  func unpacked() throws -> FileSlice { FileSlice(try scratch.reader()) }

  /// Decompresses a whole gzip file of one or more members.
  static func gunzip(_ slice: FileSlice, limit: Int? = nil) throws -> FileSlice {
    var unpacking = try Unpacking(of: slice.size, limit: limit)
    var place = 0
    repeat { place += try unpacking.inflate(slice, from: place, .gzip).taken } while place < slice.size
    return try unpacking.unpacked()
  }
}

extension ScratchFile {
  mutating func put(_ bytes: [UInt8]) throws {
    do { try write(bytes) } catch let error where error.isNoSpace { throw ArchiveFault.noRoom(folder: folder) }
  }
}
