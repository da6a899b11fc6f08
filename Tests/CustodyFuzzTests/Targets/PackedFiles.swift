@testable import CustodyEvidence
import CustodySystem
import CustodyValues

@testable import Custody

/// Archives as other programs write them, from the files that are to be in them.
enum PackedFiles {
  private static func little(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
    var sum = CRC32()
    sum.add(bytes)
    return little(Int(sum.value), 4)
  }

  /// Deflate that compresses nothing.
  private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    [1] + little(bytes.count, 2) + little(~bytes.count, 2) + bytes
  }

  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3] + deflated(bytes) + checksum(bytes) + little(bytes.count, 4)
  }

  /// `isPacked`: deflated, and not stored.
  static func zip(_ files: [(name: [UInt8], content: [UInt8], isPacked: Bool)]) -> [UInt8] {
    var (out, list): ([UInt8], [UInt8]) = ([], [])
    for file in files {
      let content = file.isPacked ? deflated(file.content) : file.content
      let fields =
        little(0, 2) + little(file.isPacked ? 8 : 0, 2) + little(0, 4) + checksum(file.content)
        + little(content.count, 4) + little(file.content.count, 4) + little(file.name.count, 2) + little(0, 2)
      list += [0x50, 0x4b, 1, 2, 20, 3, 20, 0] + fields + little(0, 10) + little(out.count, 4) + file.name
      out += [0x50, 0x4b, 3, 4, 20, 0] + fields + file.name + content
    }
    let count = little(files.count, 2)
    return out + list + [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + count + count + little(list.count, 4) + little(out.count, 4)
      + [0, 0]
  }

  /// As GNU tar or another writes it: `kind` is the type of what is in it.
  static func tar(_ files: [(name: [UInt8], content: [UInt8], kind: UInt8)]) -> [UInt8] {
    var out: [UInt8] = []
    for file in files {
      var header = Archive.header("x", size: file.content.count) ?? [UInt8](repeating: 0, count: Archive.block)
      for (place, byte) in file.name.prefix(99).enumerated() { header[place] = byte }
      header[156] = file.kind
      header.replaceSubrange(257..<265, with: Array("ustar  \u{0}".utf8))
      header.replaceSubrange(148..<156, with: Array("        ".utf8))
      let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
      let digits = String(repeating: "0", count: 6 - sum.utf8.count) + sum
      header.replaceSubrange(148..<156, with: Array(digits.utf8) + [0, 0x20])
      out += header + file.content + [UInt8](repeating: 0, count: Archive.padding(after: file.content.count))
    }
    return out + [UInt8](repeating: 0, count: 20 * Archive.block)
  }
}
