internal import CustodySystem
internal import CustodyValues

/// The pages of a SQLite file as they are on disk, each in its version from the write-ahead log if that has committed
/// one. It reads no trees, so a damaged tree does not matter.
package final class PageFile {
  package static let defaultPageSize = 4096
  package let pageSize: Int
  /// The bytes of a page that can hold cells.
  let usable: Int
  package let count: Int
  /// SQLite's `application_id`; nil if page 1 has no valid header.
  let application: UInt32?
  private let file: FileReader
  private let log: PageLog?
  /// Pages that could not be read from the disk.
  package private(set) var refused: Set<Int> = []

  /// Opens the file. It must stay open until no connection to the file is: closing it drops the process's locks on
  /// it.
  init(_ path: SQLitePath) throws(StoreError) {
    do throws(SystemError) {
      file = try FileReader(path.text)
      let header = (try? file.read(at: 0, count: 100)) ?? []
      let isHeader = header.count == 100 && header.starts(with: Array("SQLite format 3\0".utf8))
      let stated = isHeader ? header.number(16, 2) : 0
      let size = stated == 1 ? 65536 : Int(stated)
      // If the header is damaged, assume SQLite's usual page size, which vaults have.
      pageSize = size >= 512 && size & (size - 1) == 0 ? size : Self.defaultPageSize
      let reserved = isHeader ? Int(header[20]) : 0
      usable = reserved <= pageSize - 480 ? pageSize - reserved : pageSize
      application = isHeader ? UInt32(header.number(68, 4)) : nil
      log = path.hasWriteAheadLog ? try PageLog(FileReader(path.log), pageSize: pageSize) : nil
      let stored = (file.size + pageSize - 1) / pageSize
      // A database grows only by pages in its log. A larger count in the log is a false claim.
      count = max(stored, min(log?.pages ?? 0, stored + (log?.frames ?? 0)))
    } catch { throw .system(error.code) }
  }

  var hasLog: Bool { log != nil }

  /// The bytes of a page, counted from 1. Zeros for a page that does not exist or can't be read.
  package func page(_ number: Int) -> [UInt8] {
    guard number >= 1, number <= count else { return [UInt8](repeating: 0, count: pageSize) }
    var bytes: [UInt8] = []
    do { bytes = try log?.page(number) ?? file.read(at: (number - 1) * pageSize, count: pageSize) } catch {
      refused.insert(number)
    }
    return bytes + [UInt8](repeating: 0, count: pageSize - bytes.count)
  }
}

/// The committed frames of a write-ahead log, checked by their checksums. Torn frames and those of an earlier log are
/// left out.
private struct PageLog {
  /// Pages of the database after the newest commit.
  private(set) var pages = 0
  private(set) var frames = 0
  private let file: FileReader
  private let pageSize: Int
  private var places: [Int: Int] = [:]

  init(_ file: FileReader, pageSize: Int) throws(SystemError) {
    (self.file, self.pageSize) = (file, pageSize)
    let header = try file.read(at: 0, count: 32)
    guard header.count == 32, header.number(0, 4) | 1 == 0x377f_0683, header.number(8, 4) == UInt64(pageSize) else {
      return
    }
    var sum = Checksum(isBigEndian: header[3] & 1 == 1)
    sum.add(header[..<24])
    guard sum.is(header[24...]) else { return }
    var offset = 32
    var waiting: [Int: Int] = [:]
    while true {
      let frame = try file.read(at: offset, count: 24 + pageSize)
      guard frame.count == 24 + pageSize, frame[8..<16] == header[16..<24] else { return }
      sum.add(frame[..<8])
      sum.add(frame[24...])
      guard sum.is(frame[16..<24]) else { return }
      waiting[Int(frame.number(0, 4))] = offset + 24
      frames += 1
      let size = Int(frame.number(4, 4))
      if size > 0 {
        places.merge(waiting) { $1 }
        (pages, waiting) = (size, [:])
      }
      offset += 24 + pageSize
    }
  }

  func page(_ number: Int) throws(SystemError) -> [UInt8]? {
    guard let place = places[number] else { return nil }
    return try file.read(at: place, count: pageSize)
  }

  private struct Checksum {
    private let isBigEndian: Bool
    private var sums: (UInt32, UInt32) = (0, 0)

    init(isBigEndian: Bool) { self.isBigEndian = isBigEndian }

    /// Adds bytes, whose number is a multiple of eight.
    mutating func add(_ bytes: ArraySlice<UInt8>) {
      var place = bytes.startIndex
      while place + 8 <= bytes.endIndex {
        sums.0 &+= word(bytes, place) &+ sums.1
        sums.1 &+= word(bytes, place + 4) &+ sums.0
        place += 8
      }
    }

    private func word(_ bytes: ArraySlice<UInt8>, _ place: Int) -> UInt32 {
      let word = bytes[place..<place + 4]
      return UInt32(isBigEndian ? UInt64(bigEndianBytes: word) : UInt64(littleEndianBytes: word))
    }

    func `is`(_ bytes: ArraySlice<UInt8>) -> Bool {
      let stated = Array(bytes)
      return stated.number(0, 4) == UInt64(sums.0) && stated.number(4, 4) == UInt64(sums.1)
    }
  }
}

extension [UInt8] {
  /// A big-endian number. The bytes must exist.
  func number(_ place: Int, _ count: Int) -> UInt64 { UInt64(bigEndianBytes: self[place..<place + count]) }
}
