internal import CustodySystem
internal import CustodyValues

/// A strict reader of zip archives: each byte belongs to one file or to the central directory, both agree, and
/// checksums are right. Encryption, zip64 and methods other than stored and deflate are refused.
struct ZipReader {
  private let slice: FileSlice
  private static let endSize = 22
  private static let mostList = 1 << 25

  static func files(_ slice: FileSlice, limit: Int? = nil) throws -> [ArchivedFile] {
    let reader = ZipReader(slice: slice)
    let (list, count) = try reader.list()
    let entries = try reader.entries(list, count)
    var place = 0
    // One program would read bytes that lie between two files, or in two, and another would not.
    for entry in entries.sorted(by: { $0.offset < $1.offset }) { place = try reader.check(entry, at: place) }
    guard place == list.lowerBound else { throw ArchiveFault.damaged("something lies between its files") }
    return try reader.unpack(entries, limit)
  }

  private init(slice: FileSlice) { self.slice = slice }

  /// The range of the central directory, which must end where the end record begins, and its count of files.
  private func list() throws -> (Range<Int>, count: Int) {
    let end = LittleEndian(try slice.read(at: slice.size - Self.endSize, count: Self.endSize))
    guard slice.size >= Self.endSize, end.long(0) == 0x0605_4b50, end.short(20) == 0 else {
      // The user's own program to unpack will say more precisely what is wrong.
      throw ArchiveFault.unsupported("something behind its list of files, as a comment is, or is cut off")
    }
    let (count, size, offset) = (end.short(10), end.long(12), end.long(16))
    guard count < 0xffff, size < 0xffff_ffff, offset < 0xffff_ffff else {
      throw ArchiveFault.unsupported("more than a plain zip holds (zip64)")
    }
    guard end.short(4) == 0, end.short(6) == 0, end.short(8) == count else {
      throw ArchiveFault.unsupported("several volumes")
    }
    guard offset + size == slice.size - Self.endSize, size <= Self.mostList else {
      throw ArchiveFault.damaged("its list of files is not where it should be")
    }
    return (offset..<offset + size, count)
  }

  private func entries(_ list: Range<Int>, _ count: Int) throws -> [ZipEntry] {
    let bytes = LittleEndian(try slice.read(at: list.lowerBound, count: list.count))
    var (entries, place): ([ZipEntry], Int) = ([], 0)
    for _ in 0..<count {
      guard let entry = try ZipEntry(bytes, at: place) else {
        throw ArchiveFault.damaged("its list of files cannot be read")
      }
      entries.append(entry)
      place += entry.length
    }
    guard place == bytes.count else { throw ArchiveFault.damaged("its list of files cannot be read") }
    return entries
  }

  /// Checks that a file's own header agrees with the central directory. Returns where the next file begins.
  private func check(_ entry: ZipEntry, at place: Int) throws -> Int {
    func damaged() -> ArchiveFault {
      .damaged("its list of files and \"\(PrintableText.escape(entry.name))\" do not agree")
    }
    let head = LittleEndian(try slice.read(at: place, count: 30))
    guard entry.offset == place, head.count == 30, head.long(0) == 0x0403_4b50, head.short(6) == entry.flags,
      head.short(8) == entry.method, head.short(26) == entry.rawName.count
    else { throw damaged() }
    guard try slice.read(at: place + 30, count: entry.rawName.count) == entry.rawName else { throw damaged() }
    let extras = LittleEndian(try slice.read(at: place + 30 + entry.rawName.count, count: head.short(28)))
    guard extras.count == head.short(28), ZipEntry.areHarmless(extras, extras: 0, extras.count) else {
      throw ArchiveFault.unsupported("extra fields that may give its files other names")
    }
    let sizes = [head.long(14), head.long(18), head.long(22)]
    let named = [Int(entry.checksum), entry.packed, entry.size]
    guard sizes == named || entry.hasDescriptor && sizes == [0, 0, 0] else { throw damaged() }
    let start = place + entry.headerSize(head)
    guard start <= slice.size, entry.packed <= slice.size - start else { throw damaged() }
    return start + entry.packed + (entry.hasDescriptor ? try descriptor(named, at: start + entry.packed) : 0)
  }

  /// The length of the data descriptor after a file, which streaming writers add: 12 or 16 bytes.
  private func descriptor(_ named: [Int], at place: Int) throws -> Int {
    let bytes = LittleEndian(try slice.read(at: place, count: 16))
    if bytes.count == 16, bytes.long(0) == 0x0807_4b50, [bytes.long(4), bytes.long(8), bytes.long(12)] == named {
      return 16
    }
    guard bytes.count >= 12, [bytes.long(0), bytes.long(4), bytes.long(8)] == named else {
      throw ArchiveFault.damaged("what stands behind a file in it is not of that file")
    }
    return 12
  }

  private func unpack(_ entries: [ZipEntry], _ limit: Int?) throws -> [ArchivedFile] {
    var unpacking = try Unpacking(of: slice.size, limit: limit)
    var places: [(entry: ZipEntry, start: Int?)] = []
    for entry in entries where !entry.isFolder {
      let head = LittleEndian(try slice.read(at: entry.offset, count: 30))
      let content = slice.part(at: entry.offset + entry.headerSize(head), count: entry.packed)
      try unpacking.check(room: entry.size)
      let start = unpacking.size
      if entry.method == 0 {
        guard try Self.checksum(content) == entry.checksum else { throw Self.changed(entry) }
      } else {
        let (taken, checksum) = try unpacking.inflate(content, .raw)
        guard taken == entry.packed, unpacking.size - start == entry.size, checksum == entry.checksum else {
          throw Self.changed(entry)
        }
      }
      places.append((entry, entry.method == 0 ? nil : start))
    }
    let unpacked = try unpacking.unpacked()
    return try places.map { entry, start in
      let head = LittleEndian(try slice.read(at: entry.offset, count: 30))
      let stored = { slice.part(at: entry.offset + entry.headerSize(head), count: entry.packed) }
      return ArchivedFile(name: entry.name, content: start.map { unpacked.part(at: $0, count: entry.size) } ?? stored())
    }
  }

  private static func changed(_ entry: ZipEntry) -> ArchiveFault {
    .damaged("the checksum of \"\(PrintableText.escape(entry.name))\" does not hold")
  }

  private static func checksum(_ slice: FileSlice) throws -> UInt32 {
    var (sum, place) = (CRC32(), 0)
    while place < slice.size {
      let part = try slice.read(at: place, count: 1 << 18)
      guard !part.isEmpty else { throw ArchiveFault.damaged("it is cut off") }
      sum.add(part)
      place += part.count
    }
    return sum.value
  }
}

/// A file in the central directory.
struct ZipEntry {
  let flags, method: Int
  let checksum: UInt32
  let packed, size, offset: Int
  let rawName: [UInt8]
  /// Length of the directory's record in bytes.
  let length: Int

  var name: String { PrintableText.escape(bytes: rawName) }
  var isFolder: Bool { rawName.last == 0x2f }
  /// True if a data descriptor follows the file.
  var hasDescriptor: Bool { flags & 8 != 0 }

  /// Length of the file's own header: 30 bytes, name and extra fields.
  func headerSize(_ head: LittleEndian) -> Int { 30 + head.short(26) + head.short(28) }

  /// Nil if no record can be read there.
  init?(_ bytes: LittleEndian, at place: Int) throws {
    guard bytes.count - place >= 46, bytes.long(place) == 0x0201_4b50 else { return nil }
    (flags, method) = (bytes.short(place + 8), bytes.short(place + 10))
    checksum = UInt32(bytes.long(place + 16))
    (packed, size) = (bytes.long(place + 20), bytes.long(place + 24))
    offset = bytes.long(place + 42)
    let name = bytes.short(place + 28)
    length = 46 + name + bytes.short(place + 30) + bytes.short(place + 32)
    guard name > 0, length <= bytes.count - place else { return nil }
    rawName = bytes.bytes(place + 46, name)
    guard packed < 0xffff_ffff, size < 0xffff_ffff, offset < 0xffff_ffff else {
      throw ArchiveFault.unsupported("more than a plain zip holds (zip64)")
    }
    guard flags & 0x2041 == 0 else { throw ArchiveFault.unsupported("encrypted files") }
    // Allowed flags: deflate's level, a data descriptor, names in UTF-8.
    guard flags & ~0x080e == 0, method == 0 || method == 8 else {
      throw ArchiveFault.unsupported("a method of compression that is not deflate")
    }
    guard bytes.short(place + 34) == 0 else { throw ArchiveFault.unsupported("several volumes") }
    // Checked for every system that a record may name: some programs make a link of such a mode regardless.
    let mode = bytes.long(place + 38) >> 16 & 0o170000
    guard [0, 0o100000, 0o040000].contains(mode) else { throw ArchiveFault.unsupported("a link or device") }
    guard Self.areHarmless(bytes, extras: place + 46 + name, bytes.short(place + 30)) else {
      throw ArchiveFault.unsupported("extra fields that may give its files other names")
    }
    guard method == 8 || packed == size, rawName.last != 0x2f || size == 0 else { return nil }
  }
}

extension ZipEntry {
  /// Extra fields with times and owners of Unix and NTFS. Others may hold another name (0x7075), other sizes (zip64) or
  /// a cipher.
  private static let harmless: Set = [0x000a, 0x5455, 0x5855, 0x7855, 0x7875]

  fileprivate static func areHarmless(_ bytes: LittleEndian, extras start: Int, _ count: Int) -> Bool {
    var place = start
    while place + 4 <= start + count {
      guard harmless.contains(bytes.short(place)) else { return false }
      place += 4 + bytes.short(place + 2)
    }
    return place == start + count
  }
}

/// A reader of little-endian numbers. Bytes after the end read as zero.
struct LittleEndian {
  private let content: [UInt8]

  init(_ content: [UInt8]) { self.content = content }

  var count: Int { content.count }
  func bytes(_ place: Int, _ count: Int) -> [UInt8] { Array(content.dropFirst(place).prefix(count)) }
  func short(_ place: Int) -> Int { number(place, 2) }
  func long(_ place: Int) -> Int { number(place, 4) }

  private func number(_ place: Int, _ count: Int) -> Int {
    Int(UInt64(littleEndianBytes: content.dropFirst(place).prefix(count)))
  }
}
