internal import CustodyValues

/// A tile: up to 256 hashes of every eighth level of a log's tree, or up to 256 entries, as C2SP's tlog-tiles names and
/// orders them.
package struct Tile: Hashable, Sendable {
  package enum Content: Hashable, Sendable {
    /// Hashes of the tree's level 8 × `level`.
    case hashes(level: Int)
    case entries
  }

  package static let fullWidth = 256
  /// Longest entry in bytes: a tile stores an entry's length in two bytes.
  package static let entryLimit = 65_535

  package let content: Content
  package let number: UInt64
  /// Hashes or entries in the tile: 256, or fewer in the last tile.
  package let width: Int

  package init(_ content: Content, number: UInt64, width: Int = fullWidth) {
    (self.content, self.number, self.width) = (content, number, width)
  }

  package var path: String {
    let folder =
      switch content {
      case .hashes(let level): "tile/\(level)/"
      case .entries: "tile/entries/"
      }
    return folder + Self.name(number) + (width == Self.fullWidth ? "" : ".p/\(width)")
  }

  /// The number in groups of three digits: `x001/x234/067` is 1234067.
  private static func name(_ number: UInt64) -> String {
    var (groups, rest): ([String], UInt64) = ([], number)
    repeat {
      let digits = String(rest % 1000)
      groups.insert(String(repeating: "0", count: 3 - digits.count) + digits, at: 0)
      rest /= 1000
    } while rest > 0
    return groups.dropLast().map { "x\($0)/" }.joined() + (groups.last ?? "")
  }

  /// Parses a path strictly: the result formats back to the same path.
  package init?(path: String) {
    var words = path.utf8.split(separator: 0x2f, omittingEmptySubsequences: false)[...]
    guard words.popFirst()?.elementsEqual("tile".utf8) == true, let kind = words.popFirst() else { return nil }
    if kind.elementsEqual("entries".utf8) {
      content = .entries
    } else {
      guard let level = Decimal.parse(kind), level < 64 else { return nil }
      content = .hashes(level: Int(level))
    }
    var width = UInt64(Self.fullWidth)
    if words.count > 1, let before = words.dropLast().last, before.suffix(2).elementsEqual(".p".utf8) {
      guard let last = words.popLast(), let parsed = Decimal.parse(last), (1..<width).contains(parsed) else {
        return nil
      }
      width = parsed
      words = words.dropLast() + [before.dropLast(2)]
    }
    let digits = words.flatMap { $0.filter { $0 != 0x78 } }
    guard let number = Decimal.parse(digits.drop { $0 == 0x30 }.isEmpty ? [0x30] : digits.drop { $0 == 0x30 }) else {
      return nil
    }
    (self.number, self.width) = (number, Int(width))
    guard self.path.utf8.elementsEqual(path.utf8) else { return nil }
  }

  /// All tiles of a tree, those of entries first.
  package static func all(ofSize size: UInt64) -> some Sequence<Tile> {
    let levels = [.entries] + (0..<8).map(Content.hashes(level:))
    return levels.lazy.flatMap { content in
      let hashes = if case .hashes(let level) = content { size >> UInt64(8 * level) } else { size }
      let last = UInt64(fullWidth) - 1
      // This arithmetic must not overflow: a forged checkpoint may name any size.
      return (0..<hashes / (last + 1) + (hashes % (last + 1) == 0 ? 0 : 1)).lazy.map { number in
        Tile(content, number: number, width: Int(min(last + 1, hashes - number * (last + 1))))
      }
    }
  }
}

/// The contents of a tile of entries: each entry after its length in two bytes, big-endian.
package enum EntryBundle {
  package static func frame(_ entry: [UInt8]) -> [UInt8] {
    UInt64(entry.count).bigEndianBytes(2) + entry
  }

  /// Splits a tile into entries. Nil if a length exceeds the rest, or for more than 256 entries.
  package static func parse(_ bytes: [UInt8]) -> [[UInt8]]? {
    var (entries, rest): ([[UInt8]], ArraySlice<UInt8>) = ([], bytes[...])
    while !rest.isEmpty {
      guard rest.count >= 2 else { return nil }
      let count = Int(UInt64(bigEndianBytes: rest.prefix(2)))
      rest = rest.dropFirst(2)
      guard count <= rest.count, entries.count < Tile.fullWidth else { return nil }
      entries.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    return entries
  }
}
