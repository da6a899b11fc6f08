internal import CustodyValues

/// A strict reader of tar archives of any writer: plain files and folders, with any owner, mode and time. Links,
/// devices and long names are refused.
struct TarReader {
  private let slice: FileSlice
  private var files: [ArchivedFile] = []
  /// Most padding at the end: writers fill the last block of a tape.
  private static let mostPadding = 1 << 20

  static func files(_ slice: FileSlice) throws -> [ArchivedFile] {
    var reader = TarReader(slice: slice)
    try reader.read()
    return reader.files
  }

  private init(slice: FileSlice) { self.slice = slice }

  private mutating func read() throws {
    var (place, headers) = (0, 0)
    while true {
      let block = try slice.read(at: place, count: Archive.block)
      guard block.count == Archive.block else { throw ArchiveFault.damaged("it is cut off") }
      if block.allSatisfy({ $0 == 0 }) { return try checkEnd(from: place) }
      let header = try TarHeader(block)
      let start = place + Archive.block
      let length = header.size + Archive.padding(after: header.size)
      guard length <= slice.size - start else { throw ArchiveFault.damaged("it is cut off") }
      guard try slice.isZero(from: start + header.size, to: start + length) else {
        throw ArchiveFault.damaged("something lies behind the end of a file in it")
      }
      try take(header, slice.part(at: start, count: header.size))
      place = start + length
      headers += 1
      guard headers <= 2 * ArchiveFault.mostFiles else { throw ArchiveFault.unsupported("more files than a bundle") }
    }
  }

  private mutating func take(_ header: TarHeader, _ content: FileSlice) throws {
    switch header.kind {
    case .file: files.append(ArchivedFile(name: header.name, content: content))
    case .folder:
      guard content.size == 0 else { throw ArchiveFault.damaged("a folder in it has content") }
    case .extras:
      guard content.size <= 1 << 16, PaxRecords.areHarmless(try content.read(at: 0, count: content.size)) else {
        throw ArchiveFault.unsupported("long names or other extras (pax)")
      }
    case .other(let what): throw ArchiveFault.unsupported(what)
    }
  }

  private func checkEnd(from place: Int) throws {
    let rest = slice.size - place
    guard rest >= 2 * Archive.block else { throw ArchiveFault.damaged("its end is cut off") }
    guard rest <= Self.mostPadding, rest % Archive.block == 0, try slice.isZero(from: place, to: slice.size) else {
      throw ArchiveFault.damaged("something lies behind its end")
    }
  }
}

/// The header block of a file in a tar archive.
struct TarHeader {
  enum Kind { case file, folder, extras, other(String) }

  let name: String
  let size: Int
  let kind: Kind

  init(_ block: [UInt8]) throws {
    guard Self.octal(block[148..<156]) == Self.sum(of: block) else {
      throw ArchiveFault.damaged("a header in it was changed")
    }
    let isGNU = block[257..<265].elementsEqual("ustar  \u{0}".utf8)
    guard isGNU || block[257..<263].elementsEqual("ustar\u{0}".utf8) || Self.isOld(block) else {
      throw ArchiveFault.unsupported("a header of another kind of tar")
    }
    guard block[124] < 0x80 else { throw ArchiveFault.unsupported("a file of more than 8 GiB") }
    guard let size = Self.octal(block[124..<136]), size < Archive.sizeLimit, let own = Self.text(block[0..<100]),
      let folder = Self.text(block[345..<(isGNU ? 345 : 500)])
    else { throw ArchiveFault.damaged("a header in it cannot be read") }
    self.size = size
    name = folder.isEmpty ? own : "\(folder)/\(own)"
    kind =
      switch block[156] {
      case 0, 0x30: .file
      case 0x35: .folder
      case 0x78, 0x67: .extras
      case 0x31, 0x32: .other("a link")
      case 0x4b, 0x4c: .other("a long name (GNU)")
      case 0x53: .other("a sparse file")
      default: .other("what is neither file nor folder")
      }
  }

  /// True for a header of tar before POSIX, which has no magic bytes: only its checksum identifies it.
  static func isOld(_ block: [UInt8]) -> Bool {
    guard block.count == Archive.block, block[0] != 0, block[257...].allSatisfy({ $0 == 0 }) else { return false }
    return octal(block[148..<156]) == sum(of: block)
  }

  /// The checksum of a header. Its own field counts as spaces.
  private static func sum(of block: [UInt8]) -> Int {
    block[..<148].reduce(0) { $0 + Int($1) } + 8 * 0x20 + block[156...].reduce(0) { $0 + Int($1) }
  }

  /// An octal number: spaces before the digits, then spaces or zero bytes.
  private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
    let digits = field.drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
    guard !digits.isEmpty, field[digits.endIndex...].allSatisfy({ $0 == 0 || $0 == 0x20 }) else { return nil }
    return digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
  }

  /// A name: the bytes before the first zero byte, after which all must be zero.
  private static func text(_ field: ArraySlice<UInt8>) -> String? {
    let name = field.prefix { $0 != 0 }
    guard field[name.endIndex...].allSatisfy({ $0 == 0 }) else { return nil }
    return PrintableText.escape(bytes: name)
  }
}

/// The extended header (pax) of a file. Python writes fractions of seconds in one, and bsdtar metadata of macOS.
enum PaxRecords {
  private static let harmless: Set = [
    "atime", "comment", "ctime", "gid", "gname", "mtime", "uid", "uname", "LIBARCHIVE.creationtime", "SCHILY.dev",
    "SCHILY.fflags", "SCHILY.ino", "SCHILY.nlink",
  ]
  private static let families = ["SCHILY.acl.", "SCHILY.xattr.", "LIBARCHIVE.xattr.", "RHT.security."]

  /// True if no record gives a name, a size or a link's target.
  static func areHarmless(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let digits = rest.prefix { (0x30...0x39).contains($0) }.prefix(6)
      guard let length = Int(String(decoding: digits, as: UTF8.self)), length <= rest.count, length > digits.count + 2,
        rest[digits.endIndex] == 0x20, rest[rest.startIndex + length - 1] == 0x0a
      else { return false }
      let record = rest[(digits.endIndex + 1)..<(rest.startIndex + length - 1)]
      guard let end = record.firstIndex(of: 0x3d), isHarmless(String(decoding: record[..<end], as: UTF8.self)) else {
        return false
      }
      rest = rest[(rest.startIndex + length)...]
    }
    return true
  }

  private static func isHarmless(_ key: String) -> Bool {
    harmless.contains(key) || families.contains { key.utf8.starts(with: $0.utf8) }
  }
}
