internal import CustodySystem
internal import CustodyValues

/// A file, or the part of an archive that has a file's bytes.
struct FileSlice {
  let file: FileReader
  let range: Range<Int>

  init(_ file: FileReader, _ range: Range<Int>? = nil) { (self.file, self.range) = (file, range ?? 0..<file.size) }

  var size: Int { range.count }

  /// Reads `count` bytes, or fewer at the end.
  func read(at offset: Int, count: Int) throws -> [UInt8] {
    let start = range.lowerBound + min(max(0, offset), size)
    return try file.read(at: start, count: min(count, range.upperBound - start))
  }

  /// The part at an offset, which must be inside this slice.
  func part(at offset: Int, count: Int) -> FileSlice {
    FileSlice(file, range.lowerBound + offset..<range.lowerBound + offset + count)
  }

  func lines() -> FileLines { FileLines(file, from: range.lowerBound, count: size) }

  func isZero(from start: Int, to end: Int) throws -> Bool {
    var place = start
    while place < end {
      let part = try read(at: place, count: min(1 << 16, end - place))
      guard !part.isEmpty, part.allSatisfy({ $0 == 0 }) else { return false }
      place += part.count
    }
    return true
  }
}
