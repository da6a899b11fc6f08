/// One page of a b-tree in a damaged file. Parts that are out of bounds are left out.
struct TreePage {
  enum Kind: UInt8 {
    case indexInterior = 0x02
    case tableInterior = 0x05
    case indexLeaf = 0x0a
    case tableLeaf = 0x0d

    var isInterior: Bool { self == .indexInterior || self == .tableInterior }
    /// True for pages that hold rows: a table's leaves, and all pages of an index or of a table without row numbers.
    var holdsRows: Bool { self != .tableInterior }
  }

  let kind: Kind
  /// The numbers of the child pages.
  private(set) var children: [Int] = []
  /// The offsets of the cells.
  private(set) var cells: [Int] = []
  /// True if a part was out of bounds.
  private(set) var isDamaged = false
  private let bytes: [UInt8]

  /// Parses a page; nil for one of another type.
  init?(_ bytes: [UInt8], number: Int, usable: Int) {
    let start = number == 1 ? 100 : 0
    guard let kind = Kind(rawValue: bytes[start]) else { return nil }
    (self.kind, self.bytes) = (kind, bytes)
    let first = start + (kind.isInterior ? 12 : 8)
    let stated = Int(bytes.number(start + 3, 2))
    let count = min(stated, max(0, (usable - first) / 2))
    isDamaged = count < stated
    for index in 0..<count {
      let place = Int(bytes.number(first + 2 * index, 2))
      guard place >= first + 2 * count, place + (kind.isInterior ? 5 : 4) <= usable else {
        isDamaged = true
        continue
      }
      cells.append(place)
      if kind.isInterior { children.append(Int(bytes.number(place, 4))) }
    }
    if kind.isInterior { children.append(Int(bytes.number(start + 8, 4))) }
  }

  /// A record: its bytes on this page, its whole length, and the first page that holds the rest.
  struct Payload {
    let rowID: Int64
    let local: [UInt8]
    let count: Int
    let rest: Int
  }

  /// The record of a cell; nil if the cell does not lie within the page.
  func payload(_ cell: Int, usable: Int) -> Payload? {
    var reader = VarintReader(bytes[..<usable], at: cell + (kind == .indexInterior ? 4 : 0))
    guard let size = reader.next(), let count = Int(exactly: size), count <= 16 << 20 else { return nil }
    var rowID: UInt64 = 0
    if kind == .tableLeaf {
      guard let number = reader.next() else { return nil }
      rowID = number
    }
    let most = kind == .tableLeaf ? usable - 35 : (usable - 12) * 64 / 255 - 23
    let least = (usable - 12) * 32 / 255 - 23
    var local = count
    if count > most {
      local = least + (count - least) % (usable - 4)
      if local > most { local = least }
    }
    let end = reader.place + local
    guard end + (local < count ? 4 : 0) <= usable else { return nil }
    return Payload(
      rowID: Int64(bitPattern: rowID), local: Array(bytes[reader.place..<end]), count: count,
      rest: local < count ? Int(bytes.number(end, 4)) : 0)
  }
}

/// Reads SQLite's variable-length integers of one to nine bytes.
struct VarintReader {
  private let bytes: ArraySlice<UInt8>
  private(set) var place: Int

  init(_ bytes: ArraySlice<UInt8>, at place: Int) { (self.bytes, self.place) = (bytes, place) }

  /// The next integer; nil if the bytes end before it does.
  mutating func next() -> UInt64? {
    var value: UInt64 = 0
    for index in 0..<9 {
      guard place >= bytes.startIndex, place < bytes.endIndex else { return nil }
      let byte = bytes[place]
      place += 1
      if index == 8 { return value << 8 | UInt64(byte) }
      value = value << 7 | UInt64(byte & 0x7F)
      if byte < 0x80 { return value }
    }
    return nil
  }
}

/// Parses the cells of a record.
enum PageRecord {
  /// The record's cells; nil if it is no record, or has a floating-point number, which no vault has.
  static func cells(_ record: [UInt8]) -> [StoredRow.Cell]? {
    var header = VarintReader(record[...], at: 0)
    guard let size = header.next().flatMap({ Int(exactly: $0) }), size <= record.count else { return nil }
    header = VarintReader(record[..<size], at: header.place)
    var cells: [StoredRow.Cell] = []
    var place = size
    while header.place < size {
      guard let type = header.next(), let count = count(type), count <= record.count - place,
        let cell = cell(type, record[place..<place + count])
      else { return nil }
      cells.append(cell)
      place += count
    }
    return cells
  }

  private static func count(_ type: UInt64) -> Int? {
    switch type {
    case 0, 8, 9: 0
    case 1...4: Int(type)
    case 5: 6
    case 6: 8
    case 12...: Int(exactly: (type - 12) / 2)
    default: nil
    }
  }

  private static func cell(_ type: UInt64, _ bytes: ArraySlice<UInt8>) -> StoredRow.Cell? {
    switch type {
    case 0: return .null
    case 8: return .integer(0)
    case 9: return .integer(1)
    case 1...6:
      let first = Int64(Int8(bitPattern: bytes.first ?? 0))
      return .integer(bytes.dropFirst().reduce(first) { $0 << 8 | Int64($1) })
    case _ where type & 1 == 0: return .blob(Array(bytes))
    default: return String(validating: bytes, as: UTF8.self).map(StoredRow.Cell.text)
    }
  }
}
