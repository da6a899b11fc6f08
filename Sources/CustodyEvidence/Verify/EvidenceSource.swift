internal import CustodyCrypto
internal import CustodyLog
internal import CustodySystem
internal import CustodyValues

/// An entry as the evidence shows it, not yet verified. `path` leads to the checkpoint's root in a part of a log.
struct ShownEntry {
  let index: UInt64
  let bytes: [UInt8]
  let path: [Digest]
}

/// The evidence to verify: a folder, an archive or a file.
protocol EvidenceSource {
  var note: SignedNote { get }
  /// The exporter's signed scope of a part. Nil for a whole log, which has every entry up to the checkpoint.
  var scope: SignedScope? { get }
  var disclosures: [Disclosure] { get }
  /// Calls `body` with each entry in the order of the log. Throws a fault at an entry that can't be read.
  func eachEntry(_ body: (ShownEntry) throws -> Void) throws
  /// Compares a tile of the tree with the evidence's own. Does nothing for evidence without tiles.
  func compare(_ tile: Tile, _ bytes: [UInt8]) throws
  /// The lines of `log.jsonl`, or of the file itself, from the first.
  func lines() throws -> FileLines
  /// Another file of a bundle. Nil for evidence in one file.
  func file(_ name: String) throws -> FileLines?
}

extension EvidenceSource {
  var isWhole: Bool { scope == nil }
}

/// The beginning of a line of a JSON Lines export, which has its type.
enum ExportLine {
  static let head = Array(#"{"v":1,"type":""#.utf8)

  /// The line's type. Nil for a line that this version did not write.
  static func type(_ line: [UInt8]) -> String? {
    guard line.starts(with: head), let end = line.dropFirst(head.count).firstIndex(of: 0x22) else { return nil }
    return String(decoding: line[head.count..<end], as: UTF8.self)
  }
}
